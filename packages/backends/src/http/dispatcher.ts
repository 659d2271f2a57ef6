// Which connection a request takes: straight to loopback, otherwise through the proxy that the environment names.
import { QuiltError } from '@quilt-mcp/core'
import type { Dispatcher } from 'undici'

/** The sockets of one HTTP client. Nothing is opened, and undici is not loaded, before the first request. */
export interface Dispatchers {
  /** @param url where the request goes */
  for(url: URL): Promise<Dispatcher>
  /** Ends all connections, also those in use. */
  close(): Promise<void>
}

export interface DispatcherOptions {
  /** Milliseconds to open a connection. Default 10,000. */
  readonly connectTimeoutMs?: number | undefined
}

/** True for addresses of this machine: a proxy must never see them. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  )
}

/** Makes the two ways out. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are honoured for everything but loopback. */
export function createDispatchers({ connectTimeoutMs = 10_000 }: DispatcherOptions = {}): Dispatchers {
  let opened: Promise<{ readonly direct: Dispatcher; readonly outward: Dispatcher }> | undefined
  const open = async () => {
    // The default export: undici is CommonJS, and a bundler gives no named exports to a dynamic import of such a module.
    const { Agent, EnvHttpProxyAgent } = (await import('undici')).default
    const options = { connect: { timeout: connectTimeoutMs }, keepAliveTimeout: 30_000 }
    try {
      return { direct: new Agent(options), outward: new EnvHttpProxyAgent(options) }
    } catch (cause) {
      throw new QuiltError('invalid_input', 'The proxy address in the environment is not a URL', {
        hint: 'Set HTTPS_PROXY and HTTP_PROXY to addresses like http://proxy.example.com:8080, or unset them.',
        cause,
      })
    }
  }
  return {
    async for(url) {
      opened ??= open()
      const { direct, outward } = await opened
      return isLoopback(url.hostname) ? direct : outward
    },
    async close() {
      const { direct, outward } = (await opened) ?? {}
      opened = undefined
      await Promise.all([direct?.destroy(), outward?.destroy()])
    },
  }
}
