// One backend for each caller of the HTTP server, so that credentials and connections outlive a request. Bounded; keyed by hash.
import type { Backend } from '@quilt-mcp/backends'
import { LRUCache } from 'lru-cache'
import { backendKey, isBackendOf, type Principal } from '../auth/principal.js'
import { tokenKey } from '../auth/token-key.js'

export interface BackendCache {
  /** The backend of the principal's token, stack and role. */
  get(principal: Principal): Promise<Backend>
  drop(principal: Principal): void
  /** Drops all of a token: it is no longer good. */
  dropToken(token: string): void
  /** How many there are. */
  size(): number
  /** Closes all. */
  close(): Promise<void>
}

export interface BackendCacheOptions {
  /** Told when a backend that is no longer needed could not be closed. */
  onCloseError?(error: unknown): void
  /** Milliseconds without a call after which a backend is closed. Default: 15 minutes. */
  readonly idleMs?: number
}

const mostBackends = 500
const sweepMs = 60_000

/** A backend is closed when it is dropped, pushed out by others, or idle; a call that still holds it goes on: a closed
 * backend may be used, and opens again what it needs.
 * @param make builds the backend of a principal; a failure is not kept */
export function createBackendCache(
  make: (principal: Principal) => Promise<Backend>,
  { onCloseError = () => {}, idleMs = 15 * 60_000 }: BackendCacheOptions = {},
): BackendCache {
  const closing = new Set<Promise<void>>()
  const backends = new LRUCache<string, Promise<Backend>>({
    max: mostBackends,
    ttl: idleMs,
    updateAgeOnGet: true,
    ttlResolution: 0,
    dispose: (backend) => {
      const closed = closeBackend(backend, onCloseError).finally(() => closing.delete(closed))
      closing.add(closed)
    },
  })
  // The cache itself looks at an idle backend only when its principal comes again.
  const sweep = setInterval(() => backends.purgeStale(), Math.min(sweepMs, idleMs))
  sweep.unref()
  return {
    get(principal) {
      const key = backendKey(principal)
      const known = backends.get(key)
      if (known) return known
      const made = make(principal)
      backends.set(key, made)
      made.catch(() => {
        if (backends.peek(key) === made) backends.delete(key)
      })
      return made
    },
    drop(principal) {
      backends.delete(backendKey(principal))
    },
    dropToken(token) {
      const gone = tokenKey(token)
      for (const key of [...backends.keys()]) if (isBackendOf(key, gone)) backends.delete(key)
    },
    size: () => backends.size,
    async close() {
      clearInterval(sweep)
      backends.clear()
      await Promise.all(closing)
    },
  }
}

/** What was never made needs no closing: whoever asked for it has the error. */
async function closeBackend(made: Promise<Backend>, onCloseError: (error: unknown) => void): Promise<void> {
  const backend = await made.catch(() => undefined)
  await backend?.close().catch(onCloseError)
}
