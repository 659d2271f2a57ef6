// A call as an MCP client of either era sends it.
import type { Call } from './calls.js'

export const eras = ['2025-06-18', '2026-07-28'] as const
export type Era = (typeof eras)[number]

/** The JSON-RPC message. */
export function messageOf({ method, params }: Call, era: Era, id: number): object {
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': era,
    'io.modelcontextprotocol/clientInfo': { name: 'tenants', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  return { jsonrpc: '2.0', id, method, params: era === '2025-06-18' ? params : { ...params, _meta: envelope } }
}

/** The headers that go with it over HTTP. */
export function headersOf({ method, params }: Call, era: Era): Readonly<Record<string, string>> {
  const named = params.name ?? params.uri
  return {
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': era,
    ...(era === '2026-07-28' && { 'Mcp-Method': method, ...(typeof named === 'string' && { 'Mcp-Name': named }) }),
  }
}
