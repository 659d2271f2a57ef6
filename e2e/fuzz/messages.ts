// Good JSON-RPC messages of both protocol eras: what mutations start from.
import { argumentsFor, type FuzzedTool } from './arguments.js'
import type { Random } from './random.js'

export interface Message {
  readonly body: Readonly<Record<string, unknown>>
  /** Beside Host, Content-Type, Accept and Authorization. */
  readonly headers: Readonly<Record<string, string>>
}

const revisions = ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const

/** A message that a client could send. */
export function goodMessage(random: Random, tools: readonly FuzzedTool[]): Message {
  const revision = random.pick(revisions)
  const { method, params } = question(random, tools, revision)
  const id = random.pick<unknown>([1, 'uuid-1', 0, 2 ** 40, 'ü'])
  const isNotification = method.startsWith('notifications/')
  const meta = revision === '2026-07-28' ? envelope(revision) : random.oneIn(8) ? { progressToken: 'p' } : undefined
  const allParams = meta === undefined ? params : { ...params, _meta: meta }
  return {
    body: { jsonrpc: '2.0', ...(!isNotification && { id }), method, ...(allParams && { params: allParams }) },
    headers: {
      'MCP-Protocol-Version': revision,
      ...(revision === '2026-07-28' && { 'Mcp-Method': method, ...nameHeader(params) }),
    },
  }
}

type Params = Readonly<Record<string, unknown>> | undefined

/** The 2026 protocol mirrors the name of what is asked for in a header. */
function nameHeader(params: Params): Record<string, string> {
  const name = params?.name ?? params?.uri
  return typeof name === 'string' ? { 'Mcp-Name': name } : {}
}

const envelope = (revision: string) => ({
  'io.modelcontextprotocol/protocolVersion': revision,
  'io.modelcontextprotocol/clientInfo': { name: 'fuzz', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
})

function question(
  random: Random,
  tools: readonly FuzzedTool[],
  protocolVersion: string,
): { method: string; params: Params } {
  return random.pick<() => { method: string; params: Params }>([
    // Half of all are tool calls: behind them is most of the code.
    ...Array.from({ length: 10 }, () => () => toolCall(random, tools)),
    () => ({
      method: 'initialize',
      params: { protocolVersion, capabilities: {}, clientInfo: { name: 'fuzz', version: '1' } },
    }),
    () => ({ method: 'notifications/initialized', params: undefined }),
    () => ({ method: 'ping', params: undefined }),
    () => ({ method: 'server/discover', params: undefined }),
    () => ({ method: 'tools/list', params: random.oneIn(2) ? { cursor: 'x' } : undefined }),
    () => ({ method: 'resources/list', params: undefined }),
    () => ({
      method: 'resources/read',
      params: { uri: random.pick(['quilt-platform://me', 'quilt-platform://no', 'file:///etc/passwd']) },
    }),
    () => ({
      method: random.pick(['prompts/list', 'resources/templates/list', 'tasks/list', 'rpc.discover', '']),
      params: undefined,
    }),
    () => ({ method: 'logging/setLevel', params: { level: 'debug' } }),
    () => ({ method: 'notifications/cancelled', params: { requestId: 1, reason: 'x' } }),
    () => ({
      method: 'completion/complete',
      params: { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'a', value: 'b' } },
    }),
  ])()
}

function toolCall(random: Random, tools: readonly FuzzedTool[]): { method: string; params: Params } {
  const { name, inputSchema } = random.pick(tools)
  return { method: 'tools/call', params: { name, arguments: argumentsFor(inputSchema, random) } }
}
