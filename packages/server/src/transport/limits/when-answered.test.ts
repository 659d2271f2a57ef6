import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
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
  const seen = once(server, 'request') as Promise<[unknown, ServerResponse]>
  const client = rawClient(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  const [, response] = await seen
  return { client, response }
}
const left = (response: ServerResponse) =>
  new Promise<string>((resolve) => whenAnswered(response, () => resolve('left')))

describe('what a request took', () => {
  it('is given back when its answer is complete', async () => {
    const { response } = await asked()
    const leaving = left(response)
    response.end('done')
    expect(await leaving).toBe('left')
  })

  it('is given back when its client has gone', async () => {
    const { client, response } = await asked()
    const leaving = left(response)
    client.socket.destroy()
    expect(await leaving).toBe('left')
  })

  it('is given back at once when its client had gone before it was taken', async () => {
    const { client, response } = await asked()
    const closed = once(response, 'close')
    client.socket.destroy()
    await closed
    expect(await left(response)).toBe('left')
  })

  it('is given back at once when its answer was complete before', async () => {
    const { response } = await asked()
    const closed = once(response, 'close')
    response.end('done')
    await closed
    expect(await left(response)).toBe('left')
  })
})
