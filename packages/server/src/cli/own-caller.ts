// The user of this machine as a caller: their own backend, found from the settings when it is first needed.
import { randomBytes } from 'node:crypto'
import type { Backend, HttpClient, IndexCache } from '@quilt-mcp/backends'
import { chosenCacheFolder, ownCacheFolder } from '../config/cache-folder.js'
import type { Config } from '../config/schema.js'
import { createLog } from '../context/log.js'
import type { Caller } from '../mcp/caller.js'
import { catalogLinks } from '../mcp/catalog-links.js'
import { confirmationTokens } from '../mcp/confirmation.js'

export interface OwnCaller extends Caller {
  /** Closes the backend and its connections, if there was a call. */
  close(): Promise<void>
}

/** The caller whose credentials the settings hold. Loads nothing heavy before the first call. */
export function ownCaller(config: Config): OwnCaller {
  const { catalogUrl, registryUrl, token, s3Endpoint } = config
  let http: HttpClient | undefined
  let indexes: IndexCache | undefined
  let backend: Promise<Backend> | undefined
  const log = createLog(config.logLevel)

  const open = async (): Promise<Backend> => {
    const { createHttpClient, createIndexCache, selectBackend } = await import('@quilt-mcp/backends')
    http ??= createHttpClient()
    indexes ??= createIndexCache({
      folder: chosenCacheFolder(config.cacheDir ?? ownCacheFolder()),
      onProblem: (error) => log.warn({ reason: String(error) }, 'the cache folder could not be used'),
    })
    return selectBackend({ catalogUrl, registryUrl, token, s3Endpoint, http, indexes })
  }
  /** The connections stay: another call may be under way. */
  const drop = async (): Promise<void> => {
    const dropped = backend
    backend = undefined
    await dropped?.then(
      (opened) => opened.close(),
      () => {}, // Whoever asked for it has the error.
    )
  }
  return {
    environment: 'desktop-stdio',
    ...(token !== undefined && {
      auth: { scheme: token.startsWith('qk_') ? 'api-key' : 'bearer', accessToken: token, claims: {}, extras: {} },
    }),
    principal: 'local',
    view: { surface: 'ours', readOnly: config.readOnly },
    tokens: confirmationTokens(randomBytes(32)),
    links: () => catalogLinks(catalogUrl),
    backend: () => (backend ??= open()),
    failed: (error) => {
      if (error.code === 'unauthenticated') void drop()
    },
    async close() {
      await drop()
      await http?.close()
    },
  }
}
