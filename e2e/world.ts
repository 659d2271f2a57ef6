// What every end-to-end test starts from: an embedded stack with two tenants, and the built server as its users run it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Stack, startStack } from '@quilt-mcp/stack'
import { plant } from './canaries.js'
import { keepLog } from './logs.js'

export const cli = join(import.meta.dirname, '../packages/server/dist/cli.js')

/** A user of the world: alone with one bucket. */
export interface Tenant {
  readonly user: string
  readonly bucket: string
  /** A `qk_` API key. */
  readonly apiKey: string
  /** A catalog session token. */
  readonly sessionToken: string
}

export interface World {
  readonly stack: Stack
  readonly dataDir: string
  readonly ada: Tenant
  readonly grace: Tenant
  close(): Promise<void>
}

/** A stack on free ports with Ada alone in `lab-a` and Grace alone in `lab-b`. */
export async function aWorld(): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'quilt-world-'))
  const stack = await startStack({ dataDir })
  const tenant = async (user: string, role: string, bucket: string): Promise<Tenant> => {
    stack.admin.createBucket({ name: bucket, browsable: true })
    stack.admin.createRole({ name: role, permissions: { [bucket]: 'READ_WRITE' } })
    stack.admin.createUser({ name: user, email: plant('user email', `${user}@example.com`), role })
    return {
      user,
      bucket,
      apiKey: plant('API key', stack.admin.apiKey(user)),
      sessionToken: plant('token', await stack.admin.sessionToken(user)),
    }
  }
  return {
    stack,
    dataDir,
    ada: await tenant('ada', 'analysts-a', 'lab-a'),
    grace: await tenant('grace', 'analysts-b', 'lab-b'),
    async close() {
      await stack.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Where the server finds the world's stack, with a log of everything. Nothing else of this process's environment reaches it. */
export const settingsOf = ({ stack }: Pick<World, 'stack'>): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  QUILT_REGISTRY_URL: stack.registryUrl,
  AWS_ENDPOINT_URL_S3: stack.s3Endpoint,
  QUILT_MCP_LOG_LEVEL: 'debug',
})

/** A server process on HTTP. */
export interface HttpServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  readonly pid: number
  isRunning(): boolean
  /** All that it wrote to stderr so far. */
  log(): string
  stop(): Promise<void>
}

/** Runs `quilt-mcp serve` in a process of its own until `stop`. */
export async function serveHttp(env: Record<string, string>, args: readonly string[] = []): Promise<HttpServer> {
  const port = await freePort()
  const child = spawn(process.execPath, [cli, 'serve', '--port', String(port), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = keepLog(child.stderr)
  const origin = `http://127.0.0.1:${port}`
  await untilHealthy(origin, child, log)
  return {
    origin,
    pid: child.pid ?? 0,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    log,
    async stop() {
      if (child.exitCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}

async function untilHealthy(origin: string, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + 20_000
  while (child.exitCode === null && Date.now() < deadline) {
    const answer = await fetch(`${origin}/healthz`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  child.kill()
  throw new Error(`serve did not come up: ${log()}`)
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Whether a stack's data folder holds a file of exactly these bytes. */
export async function onDisk(dataDir: string, bytes: Uint8Array): Promise<boolean> {
  for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const content = await readFile(join(entry.parentPath, entry.name))
    if (content.equals(bytes)) return true
  }
  return false
}
