// The user of this machine as a caller: their own backend, found from the settings when it is first needed.
import { randomBytes } from 'node:crypto'
import type { Backend } from '@quilt-mcp/backends'
import type { Config } from '../config/schema.js'
import type { Caller } from '../mcp/caller.js'
import { catalogLinks } from '../mcp/catalog-links.js'
import { confirmationTokens } from '../mcp/confirmation.js'

export interface OwnCaller extends Caller {
  /** Closes the backend, if there was a call. */
  close(): Promise<void>
}

/** The caller whose credentials the settings hold. Loads nothing heavy before the first call. */
export function ownCaller(config: Config): OwnCaller {
  let backend: Promise<Backend> | undefined
  return {
    environment: 'desktop-stdio',
    ...(config.token !== undefined && {
      auth: {
        scheme: config.token.startsWith('qk_') ? 'api-key' : 'bearer',
        accessToken: config.token,
        claims: {},
        extras: {},
      },
    }),
    principal: 'local',
    view: { surface: 'ours', readOnly: config.readOnly },
    tokens: confirmationTokens(randomBytes(32)),
    links: () => catalogLinks(config.catalogUrl),
    backend: () => (backend ??= openBackend(config)),
    failed: (error) => {
      if (error.code === 'unauthenticated') backend = undefined
    },
    close: async () => (await backend)?.close(),
  }
}

async function openBackend({ catalogUrl, registryUrl, token, s3Endpoint }: Config): Promise<Backend> {
  const { createHttpClient, selectBackend } = await import('@quilt-mcp/backends')
  const http = createHttpClient()
  const backend = selectBackend({ catalogUrl, registryUrl, token, s3Endpoint, http })
  return {
    ...backend,
    async close() {
      await backend.close()
      await http.close()
    },
  }
}
