// Wires the HTTP server to a registry: who checks tokens, how backends are made. What `serve`, `demo` and the tests start.
import {
  checkToken,
  createCredentialCache,
  createHttpClient,
  createIndexCache,
  platformBackend,
  readCatalogConfig,
} from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { createTokenVerifier } from '../auth/verify.js'
import { chosenCacheFolder } from '../config/cache-folder.js'
import type { Config } from '../config/schema.js'
import { catalogLinks } from '../mcp/catalog-links.js'
import type { ServerDeps } from '../mcp/server.js'
import { createBackendCache } from './backend-cache.js'
import { type RunningServer, startHttp } from './http.js'

/** Settings that matter for HTTP. There is no token among them: each request brings its own. */
export type HttpConfig = Pick<
  Config,
  'catalogUrl' | 'registryUrl' | 's3Endpoint' | 'cacheDir' | 'readOnly' | 'host' | 'port' | 'allowedOrigins'
>

/** Starts MCP over HTTP for the users of one registry.
 * @throws {QuiltError} `invalid_input` when neither catalog nor registry is named; `unsupported` when the port is taken */
export async function serveHttp(config: HttpConfig, server: ServerDeps): Promise<RunningServer> {
  const { catalogUrl, s3Endpoint } = config
  const registryUrl = registryOf(config)
  // Shared by all callers: connections; keyed by token, the answers to exchanges; indexes of manifests, in memory unless a
  // folder is named. None holds an identity.
  const http = createHttpClient()
  const credentialCache = createCredentialCache({ now: Date.now })
  const indexes = createIndexCache({
    folder: chosenCacheFolder(config.cacheDir),
    onProblem: (error) => server.log.warn({ reason: String(error) }, 'the cache folder could not be used'),
  })
  const shared = { catalogUrl, s3Endpoint, http, credentialCache, indexes }
  const backends = createBackendCache(
    async (token) => platformBackend({ ...shared, registryUrl: await registryUrl(), token }),
    { onCloseError: (error) => server.log.warn({ reason: String(error) }, 'a backend could not be closed') },
  )
  const verifier = createTokenVerifier({
    check: async (token) => checkToken({ registryUrl: await registryUrl(), token, http }),
    onInvalid: (token) => backends.drop(token),
  })
  const running = await startHttp(
    {
      server,
      verifier,
      backends,
      links: catalogLinks(catalogUrl),
      readOnly: config.readOnly,
      allowedOrigins:
        catalogUrl === undefined ? config.allowedOrigins : [...config.allowedOrigins, new URL(catalogUrl).origin],
      ready: async () => void (await registryUrl()),
    },
    config,
  )
  return {
    url: running.url,
    async close() {
      await running.close()
      await http.close()
    },
  }
}

/** The registry's address: as configured, or what the catalog says; asked when it is first needed, and again after a failure. */
function registryOf({ registryUrl, catalogUrl }: HttpConfig): () => Promise<string> {
  if (registryUrl !== undefined) return () => Promise.resolve(registryUrl)
  if (catalogUrl === undefined) {
    throw new QuiltError('invalid_input', 'serve needs to know its registry', {
      hint: 'Give --catalog-url (QUILT_CATALOG_URL) or --registry-url (QUILT_REGISTRY_URL).',
    })
  }
  let asked: Promise<string> | undefined
  return () => {
    asked ??= readCatalogConfig({ catalogUrl }).then((found) => found.registryUrl)
    asked.catch(() => {
      asked = undefined
    })
    return asked
  }
}
