// Stopping a server without cutting off those it works for.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { whenAnswered } from '../limits/when-answered.js'

export interface Drained {
  /** Requests that ended in the time they had. */
  readonly ended: number
  /** Requests that were cut off. */
  readonly cut: number
}

export interface Drainable {
  /** Requests that are not answered to their end. */
  underWay(): number
  /** Takes no more connections, closes the idle ones, tells the others to close with their answer, waits up to `seconds` for the
   * requests under way, then cuts them: their responses close, which aborts their work. Resolves when the server is closed. Called
   * again, it is the same stop. */
  drain(options: { readonly seconds: number }): Promise<Drained>
}

/** Watches the requests of a server, from before it listens. */
export function drainable(server: Server): Drainable {
  const open = new Set<ServerResponse>()
  let isDraining = false
  let draining: Promise<Drained> | undefined
  server.prependListener('request', (incoming: IncomingMessage, response: ServerResponse) => {
    open.add(response)
    if (isDraining) response.shouldKeepAlive = false
    whenAnswered(incoming, response, () => {
      open.delete(response)
      // An answer that began before the stop promised to keep the connection.
      if (isDraining) setImmediate(() => server.closeIdleConnections())
    })
  })

  const drain = async (seconds: number): Promise<Drained> => {
    isDraining = true
    const atFirst = open.size
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const response of open) response.shouldKeepAlive = false
    server.closeIdleConnections()
    let cut = 0
    const timer = setTimeout(() => {
      cut = open.size
      server.closeAllConnections()
    }, seconds * 1000)
    await closed
    clearTimeout(timer)
    return { ended: Math.max(0, atFirst - cut), cut }
  }

  return {
    underWay: () => open.size,
    drain({ seconds }) {
      draining ??= drain(seconds)
      return draining
    },
  }
}
