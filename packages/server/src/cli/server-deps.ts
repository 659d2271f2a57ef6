// What every way of serving shares: the tools, the resources, the log, the limits.
import type { Config } from '../config/schema.js'
import { createLog } from '../context/log.js'
import type { CallDeps } from '../mcp/call-tool.js'
import type { ServerDeps } from '../mcp/server.js'
import { createToolRegistry } from '../mcp/tool-registry.js'
import { platformResources, platformTemplates } from '../resources/index.js'
import { allTools } from '../tools/index.js'
import { version } from './version.js'

const charsPerToken = 4

/** All of it, loaded. */
export function serverDeps(config: Config): ServerDeps & CallDeps {
  const calls: CallDeps = {
    registry: createToolRegistry(allTools),
    resources: platformResources,
    templates: platformTemplates,
    log: createLog(config.logLevel),
    resultChars: config.resultTokens * charsPerToken,
  }
  return { ...calls, version, calls: () => Promise.resolve(calls) }
}
