// `quilt-mcp serve`: the HTTP server for many users.
import type { Command } from './command.js'
import { exitCodes, UsageError } from './exit-code.js'
import { serverDeps } from './server-deps.js'
import { settingsOf } from './settings.js'
import { untilStopped } from './until-stopped.js'

export const serve: Command = {
  usage: '',
  about: `Every request brings the token of its user: Authorization: Bearer <API key or catalog session token>.
The server has no identity of its own: QUILT_API_KEY and AWS credentials of this machine are not used.`,
  flags: [],
  settings: [
    'catalogUrl',
    'registryUrl',
    's3Endpoint',
    'cacheDir',
    'readOnly',
    'host',
    'port',
    'allowedOrigins',
    'resultTokens',
    'logLevel',
  ],
  async run(line) {
    const config = settingsOf(line.settings)
    if (config.catalogUrl === undefined && config.registryUrl === undefined) {
      throw new UsageError(
        'serve needs to know its registry',
        'Give --catalog-url (QUILT_CATALOG_URL) or --registry-url (QUILT_REGISTRY_URL).',
      )
    }
    const deps = serverDeps(config)
    const { serveHttp } = await import('../transport/serve-http.js')
    const running = await serveHttp(config, deps)
    process.stdout.write(
      `MCP at ${running.url}/mcp, with the hosted server's tool names at ${running.url}/mcp/platform/mcp\n`,
    )
    await untilStopped()
    await running.close()
    return exitCodes.ok
  },
}
