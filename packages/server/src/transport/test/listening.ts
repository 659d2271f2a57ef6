// A plain node server on a free loopback port, and what a socket that is written to by hand receives.
import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, type Socket } from 'node:net'

/** Listens. @returns its port */
export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

export interface RawClient {
  readonly socket: Socket
  /** Resolves when this text has come. */
  received(text: string): Promise<string>
  /** All that came until the server closed. */
  ended(): Promise<string>
}

/** Opens a connection and sends `text`. */
export function rawClient(port: number, text: string): RawClient {
  const socket = connect(port, '127.0.0.1')
  let all = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    all += chunk
  })
  socket.on('error', () => {})
  socket.write(text)
  return {
    socket,
    async received(wanted) {
      while (!all.includes(wanted)) await once(socket, 'data')
      return all
    },
    async ended() {
      if (!socket.closed) await once(socket, 'close')
      return all
    },
  }
}
