// Stands before a server, hands everything through as it is, and counts the requests.
import { once } from 'node:events'
import { createServer, request } from 'node:http'

/** @param {string} target `http://127.0.0.1:port` */
export async function countingProxy(target) {
  const { hostname, port } = new URL(target)
  let count = 0
  const server = createServer((asked, answer) => {
    count += 1
    // The Host header stays: it is signed.
    const { method, url: path, headers } = asked
    const passed = request({ hostname, port, method, path, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers)
      given.pipe(answer)
    })
    passed.on('error', () => answer.destroy())
    asked.pipe(passed)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** How many requests came since it was asked last. */
    taken() {
      const taken = count
      count = 0
      return taken
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
