// A small real registry that knows every token, and of which a test decides when, or whether, it answers anything else.
import { EventEmitter, once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

const me = { data: { me: { name: 'ada', email: 'ada@example.com', isAdmin: false, role: { name: 'r' }, roles: [] } } }

export interface SilentRegistry {
  readonly url: string
  /** Resolves when something that is not answered was asked. */
  asked(): Promise<void>
  /** Resolves when who asked has gone. */
  left(): Promise<void>
  close(): Promise<void>
}

/** Starts a registry that says who everybody is and never answers another question. */
export async function startSilentRegistry(): Promise<SilentRegistry> {
  const events = new EventEmitter()
  const [asked, left] = [once(events, 'asked'), once(events, 'left')]
  const answer = (question: string, response: ServerResponse): void => {
    if (question.includes('query Me')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(me))
      return
    }
    response.once('close', () => events.emit('left'))
    events.emit('asked')
  }
  const server = createServer((request, response) => {
    text(request).then(
      (question) => answer(question, response),
      (error: Error) => response.destroy(error),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => asked.then(() => {}),
    left: () => left.then(() => {}),
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
