import { searchSyntaxPage } from '@quilt-mcp/core'
import type { ResourceDefinition } from '../mcp/define-resource.js'

export const searchSyntax: ResourceDefinition = {
  uri: 'quilt-platform://search_syntax',
  name: 'search_syntax',
  title: 'Search syntax',
  description: 'How queries of search_catalog are written: words, fields, metadata, ranges, wildcards, with examples.',
  mimeType: 'text/markdown',
  read: () => Promise.resolve(`${searchSyntaxPage()}${beside}`),
}

const beside = `
## Beside the query

\`search_catalog\` also takes

* \`scope\`: packages (default), entries, objects; \`bucket\`: one or several, without it all.
* \`filters\`, whose values may hold any text: \`{"ext": ["csv", "tsv"], "size": ">10MB", "meta./assay": "rna"}\`. Of a list one has to fit, of the fields all.
* \`natural: false\`: plain words are words. \`sort\`, \`facets\`, \`fields\`, \`count_only\`, \`explain\`: what is shown, and how.

In its answer \`total\` may be "unknown"; \`left_out\` are buckets that could not be searched; with \`indexing\` there may be more than was found.
`
