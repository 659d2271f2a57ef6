// `quilt-mcp serve`: the HTTP server for many users.
import { type Config, serveSettings } from '../config/schema.js'
import type { Operator } from '../transport/serve-http.js'
import type { Command } from './command.js'
import { exitCodes, UsageError } from './exit-code.js'
import { serverDeps } from './server-deps.js'
import { settingsOf, surroundings } from './settings.js'
import { untilStopped } from './until-stopped.js'

export const serve: Command = {
  usage: '',
  about: `Every request brings the token of its user: Authorization: Bearer <API key or catalog session token>.
The server has no identity of its own: QUILT_API_KEY and sessions of this machine are not used, its AWS credentials only to ask for
roles (--assume-roles) and to read the secrets of tokens.`,
  flags: [],
  settings: serveSettings,
  run: async (line) => serveWith(await settingsOf(line.settings)),
}

/** Serves until it is stopped. @returns the exit status @throws {UsageError} when the settings are not for many users */
export async function serveWith(config: Config): Promise<number> {
  checkForMany(config)
  const deps = serverDeps(config)
  const { serveHttp } = await import('../transport/serve-http.js')
  const running = await serveHttp(config, deps, await operatorOf(config))
  process.stdout.write(
    `MCP at ${running.url}/mcp, with the hosted server's tool names at ${running.url}/mcp/platform/mcp\n${
      running.metricsUrl === undefined ? '' : `Metrics at ${running.metricsUrl}/metrics\n`
    }`,
  )
  await untilStopped()
  await running.close()
  return exitCodes.ok
}

/** This process's own AWS identity, only where a setting asks for it: to sign requests for roles, to read the secrets of tokens. */
async function operatorOf(config: Config): Promise<Operator | undefined> {
  if (!config.assumeRoles && config.jwtSecretArn === undefined && config.jwtSecretParameter === undefined)
    return undefined
  const { createHttpClient, processRoleSigner } = await import('@quilt-mcp/backends')
  const http = createHttpClient()
  const signer = processRoleSigner({ surroundings: surroundings(), http })
  return { http, signer, credentials: () => signer.get() }
}

/** Over HTTP each request brings its own identity: only the platform takes one. */
function checkForMany({ backend, deployment, catalogUrl, registryUrl, allowedCatalogs }: Config): void {
  if (deployment === 'embedded') {
    throw new UsageError(
      'the deployment embedded serves one client over stdio',
      'quilt-mcp demo serves an embedded stack over HTTP.',
    )
  }
  if (backend !== 'auto' && backend !== 'platform') {
    throw new UsageError(
      `the ${backend} backend knows one user, and http serves many`,
      'Over http only the platform backend serves: leave --backend (QUILT_BACKEND) out, or use --transport stdio.',
    )
  }
  if (catalogUrl === undefined && registryUrl === undefined && allowedCatalogs.length === 0) {
    throw new UsageError(
      'serve needs to know its registry',
      'Give --catalog-url (QUILT_CATALOG_URL) or --registry-url (QUILT_REGISTRY_URL); or --allowed-catalogs, when tokens name their own.',
    )
  }
}
