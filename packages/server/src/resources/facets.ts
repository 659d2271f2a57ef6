import { allOf } from '@quilt-mcp/core'
import type { ResourceTemplate } from '../mcp/define-resource.js'
import { facetOf, scopeOf, shownFacet } from '../tools/search/facets.js'
import { searchOf } from '../tools/search/search-of.js'
import { bucketNames } from './completers.js'
import { facetFields } from './search-completers.js'
import { resourceText } from './size.js'

export const facets: ResourceTemplate = {
  uriTemplate: 'quilt-platform://facets/{bucket}/{field}',
  name: 'facets',
  title: 'Values of a field',
  description:
    'What there is in a bucket: ext of its objects; workflow, size, modified, entries of its packages, meta (the paths of their metadata) and meta./path (values at one, percent-encoded).',
  mimeType: 'text/plain',
  complete: { bucket: bucketNames, field: facetFields },
  async read({ backend, signal }, { bucket = '', field = '' }) {
    const of = facetOf(field)
    const scope = scopeOf(of.field)
    const answer = await searchOf(backend).search(
      { scope, query: allOf([]), buckets: [bucket], facets: [of], limit: 0 },
      { signal },
    )
    const [facet] = answer.facets
    return resourceText({
      bucket,
      scope,
      total: answer.total ?? 'unknown',
      ...(facet === undefined ? { field } : shownFacet(facet)),
      ...(answer.indexing !== undefined && { indexing: answer.indexing }),
      ...(answer.notes.length > 0 && { notes: answer.notes }),
      next: 'quilt-platform://found/{bucket}/{field}/{value} finds what has a value.',
    })
  },
}
