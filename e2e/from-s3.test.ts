// A package of a prefix, made by the built server: what the plan says is what is then asked of S3, and a call that is killed goes on
// where it was when it is repeated.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { platformBackend } from '@quilt-mcp/backends'
import { type Stack, startStack } from '@quilt-mcp/stack'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call, connectStdio } from './clients.js'
import { type FaultProxy, faultProxy } from './fault-proxy.js'
import { keepLog } from './logs.js'
import { cli, settingsOf } from './world.js'

const count = 100
let stack: Stack
let s3: FaultProxy
let folder: string
let env: Record<string, string>
let apiKey: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quilt-from-s3-'))
  stack = await startStack({ dataDir: join(folder, 'stack') })
  const { admin } = stack
  for (const name of ['lab-a', 'lab-b']) admin.createBucket({ name, browsable: true })
  admin.createRole({ name: 'mover', permissions: { 'lab-a': 'READ_WRITE', 'lab-b': 'READ_WRITE' } })
  admin.createUser({ name: 'ada', email: 'ada@example.com', role: 'mover' })
  apiKey = admin.apiKey('ada')
  const { objects } = backend()
  const names = Array.from({ length: count }, (_, index) => `run-${index % 7}/${index}.txt`)
  await Promise.all(names.map((name) => objects.put({ bucket: 'lab-a', key: `raw/${name}` }, Buffer.from(name))))
  s3 = await faultProxy(stack.s3Endpoint)
  env = {
    ...settingsOf({ stack }),
    AWS_ENDPOINT_URL_S3: s3.url,
    QUILT_API_KEY: apiKey,
    QUILT_CACHE_DIR: join(folder, 'cache'),
    HOME: folder,
    TMPDIR: folder,
  }
})
afterEach(() => s3.play(undefined))
afterAll(async () => {
  await s3.close()
  await stack.close()
  await rm(folder, { recursive: true, force: true })
})

const backend = () => platformBackend({ registryUrl: stack.registryUrl, s3Endpoint: stack.s3Endpoint, token: apiKey })

const plan = (name: string) => ({
  package: name,
  bucket: 'lab-b',
  source: 's3://lab-a/raw/',
  message: 'All runs',
  copy: 'new',
  readme: true,
})

interface Asked {
  readonly lists: number
  readonly looks: number
  readonly copies: number
  readonly uploads: number
  readonly reads: number
}

/** What was asked of S3 since the last look. */
function asked(name: string): Asked {
  const seen = s3.seen()
  const counted = (method: string, start: string) =>
    seen.filter((one) => one.method === method && one.path.startsWith(start)).length
  return {
    lists: seen.filter(
      ({ method, path }) => method === 'GET' && path.startsWith('/lab-a') && path.includes('list-type'),
    ).length,
    looks: counted('HEAD', '/lab-a/raw/'),
    copies: counted('PUT', `/lab-b/${name}/run-`),
    uploads: counted('PUT', `/lab-b/${name}/README.md`),
    reads: counted('GET', '/lab-a/raw/'),
  }
}

async function run(args: Record<string, unknown>): Promise<Record<string, unknown>> {
  const client = await connectStdio(env)
  try {
    return await call(client, 'package_create_from_s3', args)
  } finally {
    await client.close()
  }
}

const leftBehind = async (): Promise<readonly string[]> => {
  const kept = await readdir(join(folder, 'cache', 'work', 'from-s3')).catch(() => [])
  const temporary = (await readdir(folder)).filter((name) => name.startsWith('quilt-mcp'))
  return [...kept, ...temporary]
}

describe('package_create_from_s3', () => {
  it('asks of S3 what its plan said, and leaves nothing behind', async () => {
    const args = plan('runs/planned')
    const { cost } = await run({ ...args, dry_run: true })
    expect(asked('runs/planned')).toEqual({ lists: 1, looks: 0, copies: 0, uploads: 0, reads: 0 })
    const made = await run(args)
    expect(made).toMatchObject({ entries: count + 1, counts: { added: count + 1 }, generated: ['README.md'] })
    const happened = asked('runs/planned')
    expect(cost).toMatchObject({
      list_requests: happened.lists,
      objects_to_look_at: happened.looks,
      objects_copied: happened.copies,
      objects_uploaded: happened.uploads,
      known_from_before: 0,
    })
    expect(happened).toEqual({ lists: 1, looks: count, copies: count, uploads: 1, reads: 0 })
    expect(await leftBehind()).toEqual([])
  }, 120_000)

  it('goes on where it was when it was killed', async () => {
    const name = 'runs/killed'
    const args = plan(name)
    let copies = 0
    const stuck = new Promise<void>((resolve) => {
      s3.play({ kind: 'silent' }, (path) => {
        const isCopy = path.startsWith(`/lab-b/${name}/run-`) && path.includes('x-id=CopyObject')
        if (isCopy) copies += 1
        if (copies === 65) resolve()
        return isCopy && copies > 60
      })
    })
    const child = spawn(process.execPath, [cli, 'call', 'package_create_from_s3', JSON.stringify(args)], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    keepLog(child.stderr)
    const ended = once(child, 'close')
    await stuck
    child.kill('SIGKILL')
    await ended
    s3.play(undefined)
    const { cost } = await run({ ...args, dry_run: true })
    const known = Number(Object(cost).known_from_before)
    // At most 32 were under way.
    expect(known).toBeGreaterThan(28)
    asked(name)
    expect(await run(args)).toMatchObject({ entries: count + 1, counts: { added: count + 1 } })
    const { copies: copiedNow, ...happened } = asked(name)
    expect(happened).toEqual({ lists: 1, looks: count - known, uploads: 1, reads: 0 })
    // Copies whose answers the killed process never saw are found where they lie.
    expect(copiedNow).toBeLessThanOrEqual(count - known)
    expect(await leftBehind()).toEqual([])
    const { packages } = backend()
    const reader = await packages.open(await packages.resolve({ bucket: 'lab-b', name }))
    const places: string[] = []
    for await (const batch of reader.entries()) places.push(...batch.map(({ physicalKey }) => physicalKey))
    expect(places.every((place) => place.startsWith(`s3://lab-b/${name}/`) && place.includes('versionId='))).toBe(true)
    expect(places).toHaveLength(count + 1)
  }, 120_000)
})
