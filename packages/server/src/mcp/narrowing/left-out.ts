// The refusal of a tool that is there, but left out: by the settings of the server, or by the request itself.
import { QuiltError } from '@quilt-mcp/core'
import type { AnyTool } from '../define-tool.js'
import type { Narrowing } from './narrowing.js'

/** Undefined when the narrowing leaves the tool; else `forbidden`, saying who narrowed, and how. */
export function leftOut(
  { name, toolset, access }: Pick<AnyTool, 'name' | 'toolset' | 'access'>,
  { readOnly, toolsets, tools }: Narrowing,
  by: 'server' | 'request',
): QuiltError | undefined {
  const refused = (problem: string, hint: string) =>
    new QuiltError('forbidden', problem, { hint, details: { tool: name, reason: `${by}-narrowing` } })
  const ways = waysToHave[by]
  if (readOnly && access !== 'read') {
    return refused(`${name} changes data, and this ${by} is read-only`, ways.readOnly)
  }
  if (toolsets?.has(toolset) === false) {
    return refused(`${name} is of the toolset ${toolset}, which this ${by} leaves out`, left(toolsets) + ways.toolsets)
  }
  if (tools?.has(name) === false) return refused(`this ${by} leaves out ${name}`, left(tools) + ways.tools)
  return undefined
}

const left = (names: ReadonlySet<string>): string => `It leaves ${[...names].join(', ') || 'none'}. `

/** How one comes to have what was left out. */
const waysToHave = {
  server: {
    readOnly: 'Start the server without --read-only (QUILT_MCP_READ_ONLY) to change data.',
    toolsets: 'Start the server with another setting toolsets to have it.',
    tools: 'Start the server with another setting tools to have it.',
  },
  request: {
    readOnly:
      'The URL of the connection (/readonly), its header X-MCP-Readonly or a token for reading alone says so: connect without it to change data.',
    toolsets: 'The URL of the connection (/x/) or its header X-MCP-Toolsets says so: connect with it to have the tool.',
    tools: 'The URL of the connection (/t/) or its header X-MCP-Tools says so: connect with it to have the tool.',
  },
} as const
