// Where the stress takes place: two stacks, the way to them, one HTTP server for all tenants and a stdio server for each of two users.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStack } from '@quilt-mcp/stack'
import { plant } from '../../e2e/canaries.js'
import { randomOf } from '../../e2e/fuzz/random.js'
import { freePort, type HttpServer, serveHttp } from '../../e2e/world.js'
import { type StdioClient, startStdio } from './stdio-client.js'
import { makeTenants, type StackName, type Tenant } from './tenants.js'
import { startUpstream, type Upstream } from './upstream.js'

export interface StressWorld {
  /** Who asks over HTTP. */
  readonly tenants: readonly Tenant[]
  /** Who asks over stdio, each its own server. */
  readonly desktops: readonly { readonly tenant: Tenant; readonly client: StdioClient }[]
  readonly server: HttpServer
  readonly metricsUrl: string
  readonly upstream: Upstream
  readonly jwtSecret: string
  /** What the stacks told of failures that are no fault of their clients. */
  readonly defects: readonly unknown[]
  close(): Promise<void>
}

const desktopUsers = 2
const heapMiB = 160
/** Chance of their own, which no call has. */
const chances = { tenants: 2 ** 31 - 1, upstream: 2 ** 31 - 2 }

/** @param count of tenants over HTTP @param seed of their names and secrets, and of what disturbs the way */
export async function startWorld({
  count,
  seed,
}: {
  readonly count: number
  readonly seed: number
}): Promise<StressWorld> {
  const closing: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const one of closing.toReversed()) await one()
  }
  try {
    const defects: unknown[] = []
    const aStack = async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'quilt-tenants-'))
      closing.push(() => rm(dataDir, { recursive: true, force: true }))
      const stack = await startStack({ dataDir, onDefect: (error) => void defects.push(error) })
      closing.push(() => stack.close())
      return stack
    }
    const stacks = { home: await aStack(), other: await aStack() }
    const stackOf = new Map<string, StackName>()
    const upstream = await startUpstream(stacks, (bucket) => stackOf.get(bucket), randomOf(seed, chances.upstream))
    closing.push(() => upstream.close())
    const jwtSecret = plant('JWT secret', randomBytes(32).toString('hex'))
    const people = await makeTenants(
      { alternating: count, keyed: desktopUsers },
      { stacks, catalogUrls: upstream.registryUrls, jwtSecret },
      randomOf(seed, chances.tenants),
    )
    for (const { bucket, stack } of people) stackOf.set(bucket, stack)

    const settings = {
      PATH: process.env.PATH ?? '',
      QUILT_REGISTRY_URL: upstream.registryUrls.home,
      AWS_ENDPOINT_URL_S3: upstream.s3Url,
      QUILT_MCP_LOG_LEVEL: 'debug',
    }
    const metricsPort = await freePort()
    const server = await serveHttp(
      {
        ...settings,
        QUILT_MCP_ALLOWED_CATALOGS: upstream.registryUrls.other,
        QUILT_MCP_JWT_SECRET: jwtSecret,
        QUILT_MCP_METRICS_PORT: String(metricsPort),
        // A small heap: with a large one, garbage that nobody has had to collect looks like a leak.
        NODE_OPTIONS: `--max-old-space-size=${heapMiB}`,
      },
      ['--rate-limit', '0', '--max-concurrent', '2000'],
    )
    closing.push(() => server.stop())
    const desktops = people.slice(count).map((tenant) => {
      const client = startStdio({ ...settings, QUILT_API_KEY: tenant.token })
      closing.push(() => client.stop())
      return { tenant, client }
    })
    const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`
    return { tenants: people.slice(0, count), desktops, server, metricsUrl, upstream, jwtSecret, defects, close }
  } catch (error) {
    await close()
    throw error
  }
}
