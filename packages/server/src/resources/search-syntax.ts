import type { ResourceDefinition } from '../mcp/define-resource.js'

export const searchSyntax: ResourceDefinition = {
  uri: 'quilt-platform://search_syntax',
  name: 'search_syntax',
  title: 'Search syntax',
  description: 'How to find packages and objects with this version, which has no full-text search.',
  mimeType: 'text/markdown',
  read: () => Promise.resolve(text),
}

const text = `# Finding packages and objects

This version of the server has no search tool: there is no query syntax to use. Content, metadata and commit messages
are not indexed for it. Find things by listing:

* Buckets: \`bucket_list\`.
* Packages by name: \`package_list\` with \`bucket\` and \`filter\`. A filter is a part of the name in any case
  (\`weather\`), or a pattern with \`*\` (any characters) and \`?\` (\`climate/*\`). One bucket a call.
* Files of a package: \`package_browse\` with \`path\`, one directory a call.
* Objects: \`bucket_objects_list\` with \`prefix\`; \`recursive: true\` lists the whole tree below it.
* What changed: \`package_revisions\`, then \`package_diff\`.

Lists come in pages: pass \`cursor\` unchanged for the next one; without a cursor the list is complete.
The web catalog has a search of its own; \`catalog_link\` leads to a bucket there when a catalog is known.
`
