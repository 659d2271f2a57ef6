import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listening, rawClient } from '../test/listening.js'
import { whenAnswered } from './when-answered.js'

let server: Server
let port: number
beforeEach(async () => {
  server = createServer()
  port = await listening(server)
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const asked = async () => {
  const seen = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>
  const client = rawClient(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  const [incoming, response] = await seen
  return { client, incoming, response }
}
const left = (incoming: IncomingMessage, response: ServerResponse) =>
  new Promise<string>((resolve) => whenAnswered(incoming, response, () => resolve('left')))

const gone = (one: ServerResponse | Socket) => new Promise<void>((resolve) => one.once('close', () => resolve()))

describe('what a request took', () => {
  it('is given back when its answer is complete', async () => {
    const { incoming, response } = await asked()
    const leaving = left(incoming, response)
    response.end('done')
    expect(await leaving).toBe('left')
  })

  it('is given back when its client has gone', async () => {
    const { client, incoming, response } = await asked()
    const leaving = left(incoming, response)
    client.socket.destroy()
    expect(await leaving).toBe('left')
  })

  it('is given back at once when its client had gone before it was taken', async () => {
    const { client, incoming, response } = await asked()
    const closed = gone(response)
    client.socket.destroy()
    await closed
    expect(await left(incoming, response)).toBe('left')
  })

  it('is given back at once when its answer was complete before', async () => {
    const { incoming, response } = await asked()
    const closed = gone(response)
    response.end('done')
    await closed
    expect(await left(incoming, response)).toBe('left')
  })

  it('is given back when its client has gone while the answer waited behind another', async () => {
    const places = new Set<IncomingMessage>()
    const both = new Promise<void>((resolve) => {
      server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
        places.add(incoming)
        whenAnswered(incoming, response, () => places.delete(incoming))
        if (places.size === 2) resolve()
      })
    })
    const client = rawClient(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2))
    await both
    const [socket] = [...places].map((incoming) => incoming.socket)
    client.socket.resetAndDestroy()
    if (socket) await gone(socket)
    expect(places.size).toBe(0)
  })
})
