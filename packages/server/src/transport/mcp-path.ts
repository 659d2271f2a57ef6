// At which paths MCP is served, under which names (design 5), and what of a path narrows the request.
import type { Surface } from '../mcp/surface.js'

export interface McpPath {
  /** Without what narrows it: `/mcp`. */
  readonly endpoint: string
  readonly surface: Surface
  /** What follows, part by part, as it was sent. */
  readonly segments: readonly string[]
}

/** The longer one first: it begins as the other does. */
const endpoints: readonly (readonly [endpoint: string, surface: Surface])[] = [
  ['/mcp/platform/mcp', 'hosted'],
  ['/mcp', 'ours'],
]

/** The endpoints, for messages. */
export const mcpEndpoints: readonly string[] = endpoints.map(([endpoint]) => endpoint).toReversed()

/** @param path as it was sent, without its query. @returns undefined when MCP is not there */
export function mcpPath(path: string): McpPath | undefined {
  const found = endpoints.find(([endpoint]) => path === endpoint || path.startsWith(`${endpoint}/`))
  if (found === undefined) return undefined
  const [endpoint, surface] = found
  return { endpoint, surface, segments: path === endpoint ? [] : path.slice(endpoint.length + 1).split('/') }
}
