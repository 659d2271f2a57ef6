import { fieldFilter, formatQuery } from '@quilt-mcp/core'
import type { ResourceTemplate } from '../mcp/define-resource.js'
import { scopeOf } from '../tools/search/facets.js'
import { hitRenderer, isNamed } from '../tools/search/hits.js'
import { searchOf } from '../tools/search/search-of.js'
import { bucketNames } from './completers.js'
import { fieldValues, searchedFields } from './search-completers.js'
import { resourceText } from './size.js'

/** Hits that are shown. */
const mostHits = 25

export const found: ResourceTemplate = {
  uriTemplate: 'quilt-platform://found/{bucket}/{field}/{value}',
  name: 'found',
  title: 'Found by a field',
  description:
    'What of a bucket has a value: name/study*, ext/csv, meta.%2Fassay/rna, size/%3E10MB. Packages, or for ext and key objects. search_catalog finds by more.',
  mimeType: 'text/plain',
  complete: { bucket: bucketNames, field: searchedFields, value: fieldValues },
  async read(ctx, { bucket = '', field = '', value = '' }) {
    const query = fieldFilter(field, value)
    const scope = query.kind === 'field' ? scopeOf(query.field) : 'packages'
    const answer = await searchOf(ctx.backend).search(
      { scope, query, buckets: [bucket], limit: mostHits },
      { signal: ctx.signal },
    )
    return resourceText({
      bucket,
      scope,
      query: formatQuery(query),
      total: answer.total ?? 'unknown',
      hits: answer.hits.filter(isNamed).map(hitRenderer(ctx)),
      ...(answer.cursor !== undefined && { more: 'search_catalog shows the others, page by page.' }),
      ...(answer.indexing !== undefined && { indexing: answer.indexing }),
      ...(answer.notes.length > 0 && { notes: answer.notes }),
    })
  },
}
