// The whole demo: a stack with two tenants and sample packages, and the MCP server for it, in one process.
import { mkdir, readdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { QuiltError } from '@quilt-mcp/core'
import { type Stack, startStack } from '@quilt-mcp/stack'
import { loadConfig } from '../../config/load.js'
import type { RunningServer } from '../../transport/http.js'
import { serveHttp } from '../../transport/serve-http.js'
import { exitCodes } from '../exit-code.js'
import { serverDeps } from '../server-deps.js'
import { thisCommand } from '../this-command.js'
import { untilStopped } from '../until-stopped.js'
import { announcement, type DemoFacts } from './announcement.js'
import { openDatasets } from './datasets.js'
import { freePorts } from './ports.js'
import { seed } from './seed.js'
import { ensureUsers, readState, writeState } from './stored-users.js'

export interface DemoOptions {
  /** Where everything is kept. Default: `demo` in the data folder of this user. */
  readonly dataDir?: string | undefined
  /** Of MCP; the registry and S3 take the next two that are free. 0: any. Default 8765. */
  readonly port?: number | undefined
  /** Throw away what earlier starts left. */
  readonly fresh: boolean
  /** Print the facts as one line of JSON. */
  readonly json: boolean
}

interface Demo {
  readonly facts: DemoFacts
  close(): Promise<void>
}

/** Runs the demo until it is stopped. @returns the exit status */
export async function demo(options: DemoOptions): Promise<number> {
  const running = await startDemo(options)
  process.stdout.write(options.json ? `${JSON.stringify(running.facts)}\n` : announcement(running.facts, thisCommand()))
  await untilStopped()
  await running.close()
  return exitCodes.ok
}

async function startDemo({ dataDir = defaultDataDir(), port, fresh, json }: DemoOptions): Promise<Demo> {
  const folder = resolve(dataDir)
  if (fresh) await startOver(folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const ports = await freePorts(port)
  const stack = await startStack({ dataDir: join(folder, 'stack'), registryPort: ports.registry, s3Port: ports.s3 })
  try {
    const { state, users } = await ensureUsers(folder, stack.admin)
    const server = await serveMcp(stack, ports.mcp)
    try {
      if (!state.seeded) {
        const say = (line: string) => (json ? undefined : process.stderr.write(`${line}\n`))
        await seed({ stack, users, datasets: await openDatasets(), say })
        await writeState(folder, { ...state, seeded: true })
      }
    } catch (error) {
      await server.close()
      throw error
    }
    const { registryUrl, s3Endpoint } = stack
    return {
      facts: { mcpUrl: `${server.url}/mcp`, registryUrl, s3Endpoint, dataDir: folder, users },
      async close() {
        await server.close()
        await stack.close()
      },
    }
  } catch (error) {
    await stack.close()
    throw error
  }
}

function serveMcp({ registryUrl, s3Endpoint }: Stack, port: number): Promise<RunningServer> {
  // The demo's own settings and nothing of this process's environment: a QUILT_CATALOG_URL of the user's is not the demo's.
  const config = loadConfig({ registryUrl, s3Endpoint, port: String(port), logLevel: 'warn' }, {})
  return serveHttp(config, serverDeps(config))
}

function defaultDataDir(): string {
  const home = homedir()
  if (process.platform === 'win32')
    return join(process.env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'quilt-mcp', 'demo')
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'quilt-mcp', 'demo')
  return join(process.env.XDG_DATA_HOME || join(home, '.local', 'share'), 'quilt-mcp', 'demo')
}

/** Empties the folder of an earlier demo, and of nothing else. */
async function startOver(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  if (found.length > 0 && (await readState(folder)) === undefined) {
    throw new QuiltError('invalid_input', `${folder} holds something that is not a demo; --fresh would delete it`, {
      hint: 'Name another --data-dir, or delete the folder yourself.',
    })
  }
  await rm(folder, { recursive: true, force: true })
}
