// The whole demo: a stack with two tenants and sample packages, and the MCP server for it, in one process.
import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { QuiltError } from '@quilt-mcp/core'
import type { Stack } from '@quilt-mcp/stack'
import { loadConfig } from '../../config/load.js'
import { dataFolder } from '../../config/user-folders.js'
import type { RunningServer } from '../../transport/http.js'
import { serveHttp } from '../../transport/serve-http.js'
import { exitCodes } from '../exit-code.js'
import { serverDeps } from '../server-deps.js'
import { surroundings } from '../settings.js'
import { thisCommand } from '../this-command.js'
import { untilStopped } from '../until-stopped.js'
import { announcement, type DemoFacts } from './announcement.js'
import { openDemoStack } from './demo-stack.js'
import { freePorts } from './ports.js'
import { readState } from './stored-users.js'

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
  const ports = await freePorts(port)
  const say = (line: string) => (json ? undefined : process.stderr.write(`${line}\n`))
  const { stack, users } = await openDemoStack({ folder, registryPort: ports.registry, s3Port: ports.s3, say })
  try {
    const server = await serveMcp(stack, ports.mcp)
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

const defaultDataDir = (): string => join(dataFolder(surroundings()), 'demo')

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
