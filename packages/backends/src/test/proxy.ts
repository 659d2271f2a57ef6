// A proxy that notes for whom it is asked to open a tunnel, and opens none.
import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../http/client.js'
import { withEnvironment } from './environment.js'

export interface BehindProxy {
  /** Speaks through the proxy, which the environment names until the test ends. */
  readonly http: HttpClient
  /** Hosts and ports, in order. */
  readonly asked: readonly (string | undefined)[]
}

/** Puts this process behind the proxy.
 * @param options of the client */
export async function behindProxy(options: HttpClientOptions = {}): Promise<BehindProxy> {
  const asked: (string | undefined)[] = []
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(request.url)
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  withEnvironment({ HTTPS_PROXY: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` })
  const http = createHttpClient({ attempts: 1, ...options })
  onTestFinished(async () => {
    await http.close()
    await new Promise((resolve) => proxy.close(resolve))
  })
  return { http, asked }
}
