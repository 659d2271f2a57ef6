// Tools as a table for people.
import type { ListedTool } from '../mcp/tool-definition.js'

/** One line a tool: name, what it does to data, its title and arguments; optional ones in brackets. */
export function toolTable(tools: readonly ListedTool[]): string {
  const rows = tools.map((tool) => [tool.name, access(tool), tool.title, argumentsOf(tool)])
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return `${rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`
}

function access({ annotations }: ListedTool): string {
  if (annotations.readOnlyHint) return 'reads'
  return annotations.destructiveHint ? 'removes' : 'writes'
}

function argumentsOf({ inputSchema }: ListedTool): string {
  const properties = inputSchema.properties
  const required: readonly unknown[] = Array.isArray(inputSchema.required) ? inputSchema.required : []
  if (typeof properties !== 'object' || properties === null) return ''
  return Object.keys(properties)
    .map((name) => (required.includes(name) ? name : `[${name}]`))
    .join(' ')
}
