// Which connection a request takes: straight to loopback, otherwise through the proxy that the environment names.
import { QuiltError } from '@quilt-mcp/core'
import type { Dispatcher } from 'undici'
import { type LookupAll, publicLookup } from './public-address.js'
import type { Passage } from './reach.js'

/** The sockets of one HTTP client. Nothing is opened, and undici is not loaded, before the first request. */
export interface Dispatchers {
  /** @param url where the request goes
   * @param passage what may be connected to on the way */
  for(url: URL, passage: Passage): Promise<Dispatcher>
  /** Ends all connections, also those in use. */
  close(): Promise<void>
}

export interface DispatcherOptions {
  /** Milliseconds to open a connection. Default 10,000. */
  readonly connectTimeoutMs?: number | undefined
  /** Where names of the internet are looked up. Default: as this machine does. */
  readonly lookup?: LookupAll | undefined
}

/** True for addresses of this machine: a proxy must never see them. */
export function isLoopback(hostname: string): boolean {
  return /^(.*\.)?localhost\.?$/.test(hostname) || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

interface Ways {
  readonly direct: Dispatcher
  readonly outward: Dispatcher
  /** As `outward`, and connects to nothing but public addresses. */
  readonly internet: Dispatcher
}

/** Makes the ways out. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are honoured for everything but loopback. */
export function createDispatchers({ connectTimeoutMs = 10_000, lookup }: DispatcherOptions = {}): Dispatchers {
  let opened: Promise<Ways> | undefined
  const open = async () => {
    // The default export: undici is CommonJS, and a bundler gives no named exports to a dynamic import of such a module.
    const { Agent, EnvHttpProxyAgent } = (await import('undici')).default
    const connect = { timeout: connectTimeoutMs }
    const options = { connect, keepAliveTimeout: 30_000 }
    try {
      return {
        direct: new Agent(options),
        outward: new EnvHttpProxyAgent(options),
        internet: new EnvHttpProxyAgent({ ...options, connect: { ...connect, lookup: publicLookup(lookup) } }),
      }
    } catch (cause) {
      throw new QuiltError('invalid_input', 'The proxy address in the environment is not a URL', {
        hint: 'Set HTTPS_PROXY and HTTP_PROXY to addresses like http://proxy.example.com:8080, or unset them.',
        cause,
      })
    }
  }
  return {
    async for(url, passage) {
      opened ??= open()
      const { direct, outward, internet } = await opened
      if (passage === 'public-address') return internet
      return isLoopback(url.hostname) ? direct : outward
    },
    async close() {
      const ways: Partial<Ways> = (await opened) ?? {}
      opened = undefined
      await Promise.all(Object.values(ways).map((way) => way.destroy()))
    },
  }
}
