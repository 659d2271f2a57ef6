import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { QuiltError } from '@quilt-mcp/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../config/load.js'
import { ownCaller } from './own-caller.js'

const me = { data: { me: { name: 'ada', email: 'ada@example.com', isAdmin: false, role: { name: 'r' }, roles: [] } } }

/** A registry that says who everybody is, and whose connections are counted. */
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(me))
})
const open = new Set<Socket>()
server.on('connection', (socket) => {
  open.add(socket)
  socket.once('close', () => open.delete(socket))
})
beforeEach(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.close()
  await once(server, 'close')
})
const aCaller = (token?: string) => {
  const { port } = server.address() as AddressInfo
  return ownCaller(loadConfig({ registryUrl: `http://127.0.0.1:${port}`, token }, {}))
}

describe('the user of this machine', () => {
  it('has one backend, and a new one after the credential was refused', async () => {
    const caller = aCaller('qk_ada')
    const first = await caller.backend()
    expect(await caller.backend()).toBe(first)
    caller.failed?.(new QuiltError('not_found', 'no such thing', { hint: 'Look elsewhere.' }))
    expect(await caller.backend()).toBe(first)
    caller.failed?.(new QuiltError('unauthenticated', 'the key is revoked', { hint: 'Make another.' }))
    expect(await caller.backend()).not.toBe(first)
    await caller.close()
  })

  it('leaves no connection open', async () => {
    const caller = aCaller('qk_ada')
    const { buckets } = await caller.backend()
    await buckets.list().catch(() => {})
    expect(open.size).toBeGreaterThan(0)
    const [socket] = open
    const closed = socket ? once(socket, 'close') : undefined
    await caller.close()
    await closed
    expect(open.size).toBe(0)
  })

  it('closes in peace when nothing was opened', async () => {
    await expect(aCaller().close()).resolves.toBeUndefined()
    const signedOut = aCaller()
    expect((await signedOut.backend()).name).toBe('unauthenticated')
    await expect(signedOut.close()).resolves.toBeUndefined()
  })
})
