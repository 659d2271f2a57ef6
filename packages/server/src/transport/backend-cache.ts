// One backend for each caller of the HTTP server, so that credentials and connections outlive a request. Bounded; keyed by hash.
import type { Backend } from '@quilt-mcp/backends'
import { LRUCache } from 'lru-cache'
import { tokenKey } from '../auth/token-key.js'

export interface BackendCache {
  get(token: string): Promise<Backend>
  drop(token: string): void
  /** Closes all. */
  close(): Promise<void>
}

const mostBackends = 500
const idleMs = 15 * 60_000

/** @param make builds the backend of a token; a failure is not kept
 * @param onCloseError told when a backend that is no longer needed could not be closed */
export function createBackendCache(
  make: (token: string) => Promise<Backend>,
  onCloseError: (error: unknown) => void = () => {},
): BackendCache {
  const closing = new Set<Promise<void>>()
  const backends = new LRUCache<string, Promise<Backend>>({
    max: mostBackends,
    ttl: idleMs,
    updateAgeOnGet: true,
    dispose: (backend) => {
      const closed = closeBackend(backend, onCloseError).finally(() => closing.delete(closed))
      closing.add(closed)
    },
  })
  return {
    get(token) {
      const key = tokenKey(token)
      const known = backends.get(key)
      if (known) return known
      const made = make(token)
      backends.set(key, made)
      made.catch(() => {
        if (backends.peek(key) === made) backends.delete(key)
      })
      return made
    },
    drop(token) {
      backends.delete(tokenKey(token))
    },
    async close() {
      backends.clear()
      await Promise.all(closing)
    },
  }
}

async function closeBackend(made: Promise<Backend>, onCloseError: (error: unknown) => void): Promise<void> {
  try {
    await (await made).close()
  } catch (error) {
    onCloseError(error)
  }
}
