// The official MCP client, on both transports and in both protocol eras.
import { Readable } from 'node:stream'
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect } from 'vitest'
import { keepLog } from './logs.js'
import { cli } from './world.js'

export const revisions = ['2026-07-28', '2025-06-18'] as const
export type ProtocolRevision = (typeof revisions)[number]

/** A client that speaks one revision and nothing else. */
function clientOf(revision: ProtocolRevision, options: ClientOptions = {}): Client {
  const era: ClientOptions =
    revision === '2026-07-28'
      ? { versionNegotiation: { mode: { pin: revision } } }
      : { supportedProtocolVersions: [revision] }
  return new Client({ name: 'e2e', version: '1' }, { ...era, ...options })
}

/** Connects over HTTP as the owner of `token`. */
export async function connectHttp(
  url: string,
  token: string,
  revision: ProtocolRevision = '2026-07-28',
): Promise<Client> {
  const client = clientOf(revision)
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
  )
  return client
}

/** Starts the built server on stdio with these settings and connects to it. */
export async function connectStdio(
  env: Record<string, string>,
  revision: ProtocolRevision = '2026-07-28',
  options: ClientOptions = {},
): Promise<Client> {
  const client = clientOf(revision, options)
  const transport = new StdioClientTransport({ command: process.execPath, args: [cli], env, stderr: 'pipe' })
  const { stderr } = transport
  if (stderr instanceof Readable) keepLog(stderr)
  await client.connect(transport)
  return client
}

/** The structure of a call that succeeds. Fails the test, with the error, when it does not. */
export async function call(
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const result = await client.callTool({ name, arguments: args })
  expect(result.isError, JSON.stringify(result.content)).not.toBe(true)
  return result.structuredContent as Record<string, unknown>
}

/** What a client sees of a failed call. */
export interface SeenError {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly details?: Record<string, unknown>
  readonly nextTools?: readonly string[]
}

/** The error of a call that fails. Fails the test when it succeeds, or when structure and text differ. */
export async function failure(client: Client, name: string, args: Record<string, unknown> = {}): Promise<SeenError> {
  const result = await client.callTool({ name, arguments: args })
  expect(result.isError, JSON.stringify(result.structuredContent)).toBe(true)
  const [text] = result.content
  expect(text?.type === 'text' && JSON.parse(text.text)).toEqual(result.structuredContent)
  return (result.structuredContent as { error: SeenError }).error
}
