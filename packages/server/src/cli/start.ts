// `quilt-mcp`, `quilt-mcp start`: the server a desktop client starts, on stdin and stdout.
import { type Config, ownBackendSettings, settings } from '../config/schema.js'
import { createLog, type Log } from '../context/log.js'
import { LoggedName } from '../context/logged-name.js'
import type { CallDeps } from '../mcp/call-tool.js'
import type { ServerDeps } from '../mcp/server.js'
import { startStdio } from '../transport/stdio.js'
import type { Command } from './command.js'
import { exitCodes } from './exit-code.js'
import { ownCaller } from './own-caller.js'
import { settingsOf, surroundings, usableSettings } from './settings.js'
import { thisCommand } from './this-command.js'
import { untilStopped } from './until-stopped.js'
import { version } from './version.js'

export const start: Command = {
  usage: '',
  about: `An MCP client starts this command and speaks with it. It starts without any settings; the tools then say what is missing.
With --transport http (or --deployment remote) it is quilt-mcp serve.`,
  flags: [],
  settings: [
    ...ownBackendSettings,
    'cacheDir',
    'localFiles',
    'transport',
    'host',
    'port',
    'allowedOrigins',
    'readOnly',
    'confirm',
    'resultTokens',
    'logLevel',
  ],
  async run(line) {
    const { config, problems } = await usableSettings(line.settings)
    if (config.transport === 'http') {
      return (await import('./serve.js')).serveWith(await settingsOf(line.settings))
    }
    if (process.stdin.isTTY) {
      process.stdout.write(`${howToConnect()}\n`)
      return exitCodes.ok
    }
    const log = createLog(config.logLevel)
    for (const { looked } of problems) {
      const setting = LoggedName.among(
        ['settings file', ...settings.flatMap(({ flag, env }) => [flag, ...env])],
        looked,
      )
      log.error({ setting }, 'a setting is wrong: every call says how, quilt-mcp doctor too')
    }
    const caller = ownCaller(config, { surroundings: surroundings(), workingDir: process.cwd(), problems })
    const connection = startStdio(depsOnDemand(config, log), caller)
    await Promise.race([connection.ended, untilStopped()])
    await connection.close()
    await caller.close()
    process.stdin.destroy()
    return exitCodes.ok
  },
}

/** Loads the tools when they are first asked for: a client gets its answer to `initialize` before. */
function depsOnDemand(config: Config, log: Log): ServerDeps {
  let calls: Promise<CallDeps> | undefined
  return {
    version,
    log,
    calls: () => (calls ??= import('./server-deps.js').then(({ serverDeps }) => serverDeps(config).calls())),
  }
}

function howToConnect(): string {
  const [program, ...args] = thisCommand()
  const server = {
    command: program,
    ...(args.length > 0 && { args }),
    env: { QUILT_CATALOG_URL: 'https://<your catalog>', QUILT_API_KEY: '<your API key>' },
  }
  const command = [program, ...args].join(' ')
  return [
    'This is an MCP server: a client starts it and speaks with it over stdin and stdout.',
    'Put this into the configuration of your client (Claude Desktop, Cursor, VS Code and others):',
    '',
    JSON.stringify({ mcpServers: { quilt: server } }, null, 2).replace(/^/gm, '  '),
    '',
    `Without env it uses what this machine has: a Quilt session (${command} login), AWS credentials, or quilt3's local registry.`,
    `${command} doctor says which, and what to fix.`,
    '',
    `No catalog at hand? ${command} demo starts one on this machine, with sample data.`,
    `${command} tools lists the tools, ${command} call <tool> calls one, ${command} --help says more.`,
  ].join('\n')
}
