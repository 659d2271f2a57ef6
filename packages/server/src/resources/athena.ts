import type { ResourceDefinition } from '../mcp/define-resource.js'

export const athena: ResourceDefinition = {
  uri: 'quilt-platform://athena',
  name: 'athena',
  title: 'Athena SQL',
  description: 'What to do about SQL with this version, which cannot run it.',
  mimeType: 'text/markdown',
  read: () => Promise.resolve(text),
}

const text = `# SQL

This version of the server has no SQL tool: it cannot run Athena queries, and it knows no databases, tables or workgroups.
Do not write SQL for it. To look into tabular data:

* CSV, TSV, JSON and JSON Lines: \`object_read\`, by lines (\`start_line\`, \`max_lines\`) or by bytes (\`start_byte\`,
  \`max_bytes\`). Start with the first lines to see the columns.
* Parquet and other binary formats: \`object_read\` tells size and format, \`object_link\` makes a temporary download
  link to give to the user or to a tool that can read it.

Both take files of packages as well: \`uri\` of the package, \`key\` = path in it.
`
