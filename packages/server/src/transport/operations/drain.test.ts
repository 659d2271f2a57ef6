import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listening, rawClient } from '../test/listening.js'
import { type Drainable, drainable } from './drain.js'

let server: Server
let port: number
let requests: Drainable
beforeEach(async () => {
  server = createServer((incoming, response) => {
    if (incoming.url === '/quick') response.end('quick')
  })
  requests = drainable(server)
  port = await listening(server)
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** A connection with a request that is answered by hand. */
const waiting = async () => {
  const seen = once(server, 'request') as Promise<[unknown, ServerResponse]>
  const client = rawClient(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  const [, response] = await seen
  return { client, response }
}

describe('a server that is drained', () => {
  it('ends at once when nothing is under way, kept connections too', async () => {
    const idle = rawClient(port, 'GET /quick HTTP/1.1\r\nHost: x\r\n\r\n')
    await idle.received('quick')
    expect(await requests.drain({ seconds: 60 })).toEqual({ ended: 0, cut: 0 })
    expect(await idle.ended()).toMatch(/^HTTP\/1.1 200 OK/)
  })

  it('lets the requests under way end, and closes their connections with the answer', async () => {
    const { client, response } = await waiting()
    expect(requests.underWay()).toBe(1)
    const drained = requests.drain({ seconds: 60 })
    response.end('done')
    expect(await drained).toEqual({ ended: 1, cut: 0 })
    expect(await client.ended()).toMatch(/\r\nConnection: close\r\n.*done/s)
    expect(requests.underWay()).toBe(0)
  })

  it('closes the connection of an answer that began before the stop, too', async () => {
    const { client, response } = await waiting()
    response.write('begun')
    await client.received('begun')
    const drained = requests.drain({ seconds: 60 })
    response.end('done')
    expect(await drained).toEqual({ ended: 1, cut: 0 })
    expect(await client.ended()).toContain('done')
  })

  it('takes no new connections', async () => {
    const { response } = await waiting()
    const drained = requests.drain({ seconds: 60 })
    const late = connect(port, '127.0.0.1')
    const [error] = await once(late, 'error')
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
    response.end()
    await drained
  })

  it('cuts what does not end in time, tells how many, and their work sees its response close', async () => {
    const first = await waiting()
    const second = await waiting()
    const closed = once(first.response, 'close')
    const drained = requests.drain({ seconds: 0.05 })
    second.response.end('done')
    expect(await drained).toEqual({ ended: 1, cut: 1 })
    await closed
    expect(await first.client.ended()).toBe('')
  })

  it('is drained once, however often it is told', async () => {
    const { response } = await waiting()
    const both = [requests.drain({ seconds: 60 }), requests.drain({ seconds: 0 })]
    response.end()
    expect(await Promise.all(both)).toEqual([
      { ended: 1, cut: 0 },
      { ended: 1, cut: 0 },
    ])
  })
})
