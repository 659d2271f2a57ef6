// Whoever calls off a call, or goes away, ends the work: the registry sees its question withdrawn.
import { Client, InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ownCaller } from '../cli/own-caller.js'
import { loadConfig } from '../config/load.js'
import { keptLog } from '../mcp/test/sample-tools.js'
import { serveHttp } from './serve-http.js'
import { startStdio } from './stdio.js'
import { allCalls } from './test/all-calls.js'
import { type SilentRegistry, startSilentRegistry } from './test/registry-server.js'

let registry: SilentRegistry
let log: ReturnType<typeof keptLog>
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  registry = await startSilentRegistry()
  log = keptLog()
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await registry.close()
})

const config = (token?: string) => loadConfig({ registryUrl: registry.url, token, port: '0' }, {})
const deps = () => allCalls(log)
const newClient = (era: string) =>
  new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: era === '2026-07-28' ? { pin: era } : 'legacy' } },
  )
/** The outcome of the only call, once its line is written. */
const outcome = async () => {
  while (log.lines.length === 0) await new Promise(setImmediate)
  return log.lines.map(({ level, outcome: one }) => [level, one])
}

describe.each(['2026-07-28', '2025-06-18'])('a call that is called off, %s', (era) => {
  it.each([new Error('the user pressed stop'), 'stop'])('over stdio ends at the registry (%s)', async (reason) => {
    const caller = ownCaller(config('qk_ada'))
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    const connection = startStdio(deps(), caller, ours)
    const client = newClient(era)
    await client.connect(theirs)
    closing.push(
      () => client.close(),
      () => connection.close(),
      () => caller.close(),
    )

    const stop = new AbortController()
    const call = client.callTool({ name: 'bucket_list' }, { signal: stop.signal })
    const refused = expect(call).rejects.toThrow()
    await registry.asked()
    stop.abort(reason)
    await refused
    await registry.left()
    expect(await outcome()).toEqual([['info', 'timeout']])
    await expect(client.callTool({ name: 'catalog_link', arguments: { bucket: 'lab-a' } })).resolves.toMatchObject({
      structuredContent: { uri: 's3://lab-a' },
    })
  })

  it('over HTTP ends at the registry when the client has gone', async () => {
    const server = await serveHttp(config(), deps())
    const client = newClient(era)
    const authProvider = { token: () => Promise.resolve('qk_ada') }
    const gone = new AbortController()
    const transport = new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), {
      authProvider,
      fetch: (url, init) => fetch(url, { ...init, signal: gone.signal }),
    })
    await client.connect(transport)
    closing.push(
      () => client.close(),
      () => server.close(),
    )

    const refused = expect(client.callTool({ name: 'bucket_list' })).rejects.toThrow()
    await registry.asked()
    gone.abort()
    await client.close()
    await refused
    await registry.left()
    expect(await outcome()).toEqual([['info', 'timeout']])
  })
})
