// Many writers of one package, in five processes, all on the base that they read at the same time. None is lost: who is refused is told
// so, and a change that contradicts no other is merged. Twenty here, fifty in `npm run test:crash`.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { plant } from './canaries.js'
import { call, connectStdio } from './clients.js'
import { aWorld, settingsOf, type World } from './world.js'

const processes = 5
const writersInEach = Number(process.env.QUILT_WRITERS ?? 20) / processes
const writers = Array.from({ length: processes * writersInEach }, (_, writer) => writer)
const fileOf = (writer: number) => `writer-${String(writer).padStart(2, '0')}.txt`
const textOf = (writer: number) => `text of writer ${writer}\n`

let folder: string
let world: World
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quilt-writers-'))
  world = await aWorld()
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

const issuedKeys = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() })

/** How a server of each backend is set up. */
const settings = {
  async iam(): Promise<Record<string, string>> {
    const headers = { authorization: `Bearer ${world.ada.sessionToken}` }
    const answer = await fetch(`${world.stack.registryUrl}/api/auth/get_credentials`, { headers })
    const { AccessKeyId, SecretAccessKey, SessionToken } = issuedKeys.parse(await answer.json())
    return {
      AWS_ACCESS_KEY_ID: AccessKeyId,
      AWS_SECRET_ACCESS_KEY: plant('AWS secret key', SecretAccessKey),
      AWS_SESSION_TOKEN: plant('AWS session token', SessionToken),
      AWS_REGION: 'us-east-1',
      QUILT_REGISTRIES: `s3://${world.ada.bucket}`,
    }
  },
  async local(): Promise<Record<string, string>> {
    const root = join(folder, 'registry')
    mkdirSync(root, { recursive: true })
    return { QUILT_LOCAL_REGISTRY: root }
  },
  platform: async (): Promise<Record<string, string>> => ({ QUILT_API_KEY: world.ada.apiKey }),
}

/** What became of one change. */
interface Outcome {
  readonly writer: number
  /** Of the revision that was made; absent: it was refused. */
  readonly topHash?: string
  readonly conflict?: { readonly expected?: unknown; readonly latest?: unknown }
}

interface Package {
  readonly package: string
  readonly bucket: string
}

/** One call of a writer. Fails the test when it is refused for anything but a conflict. */
async function add(
  client: Client,
  target: Package,
  change: { readonly writer: number; readonly base: string; readonly rebase: boolean },
): Promise<Outcome> {
  const { writer, base, rebase } = change
  const result = await client.callTool(
    {
      name: 'package_update',
      arguments: {
        ...target,
        base,
        rebase,
        message: `writer ${writer}`,
        add: [{ logical_key: fileOf(writer), text: textOf(writer) }],
      },
    },
    { timeout: 300_000 },
  )
  const structure = z
    .object({
      top_hash: z.string().optional(),
      error: z.object({ code: z.string(), details: z.record(z.string(), z.unknown()).default({}) }).optional(),
    })
    .parse(result.structuredContent)
  if (structure.error === undefined) return { writer, topHash: structure.top_hash ?? '' }
  expect(structure.error.code, JSON.stringify(result.structuredContent)).toBe('conflict')
  return { writer, conflict: structure.error.details }
}

const revisionList = z.object({
  revisions: z.array(z.object({ top_hash: z.string() })),
  cursor: z.string().optional(),
})

async function revisionsOf(client: Client, target: Package): Promise<readonly string[]> {
  const hashes: string[] = []
  let cursor: string | undefined
  do {
    const page = revisionList.parse(
      await call(client, 'package_revisions', { ...target, limit: 100, ...(cursor !== undefined && { cursor }) }),
    )
    hashes.push(...page.revisions.map(({ top_hash }) => top_hash))
    cursor = page.cursor
  } while (cursor !== undefined)
  return hashes
}

async function filesOf(client: Client, target: Package, revision?: string): Promise<readonly string[]> {
  const shown = await call(client, 'package_browse', {
    ...target,
    limit: 100,
    ...(revision !== undefined && { revision }),
  })
  return z
    .object({ items: z.array(z.object({ name: z.string() })) })
    .parse(shown)
    .items.map(({ name }) => name)
}

describe.each(['iam', 'local', 'platform'] as const)('many writers at once, by the %s backend', (backend) => {
  let clients: readonly Client[]
  let client: Client
  let base: string
  const target = { package: `crowd/${backend}`, bucket: backend === 'local' ? 'local' : 'lab-a' }
  const clientOf = (writer: number): Client => clients[writer % processes] ?? client
  const made = new Map<number, string>()

  beforeAll(async () => {
    const home = join(folder, backend)
    mkdirSync(home)
    const env = { ...settingsOf(world), HOME: home, QUILT_BACKEND: backend, ...(await settings[backend]()) }
    clients = await Promise.all(Array.from({ length: processes }, () => connectStdio(env)))
    const [first] = clients
    if (first === undefined) throw new Error('there is no client')
    client = first
    const created = await call(client, 'package_create', {
      ...target,
      message: 'base',
      entries: [{ logical_key: 'base.txt', text: 'base\n' }],
    })
    base = z.object({ top_hash: z.string() }).parse(created).top_hash
  })
  afterAll(() => Promise.all(clients.map((one) => one.close())))

  const oneWins = backend !== 'platform'
  it(oneWins
    ? 'one of those who push from the same base makes a revision; every other is told of the conflict, with both hashes'
    : 'who push from the same base make a revision, or are told of the conflict (docs/reference/backends.md: the registry checks no base)', async () => {
    const outcomes = await Promise.all(
      writers.map((writer) => add(clientOf(writer), target, { writer, base, rebase: false })),
    )
    for (const { writer, topHash } of outcomes) if (topHash !== undefined) made.set(writer, topHash)
    if (oneWins) expect(made.size).toBe(1)
    else expect(made.size).toBeGreaterThanOrEqual(1)
    for (const { conflict } of outcomes) if (conflict !== undefined) expect(Object.values(conflict)).toContain(base)
    expect((await revisionsOf(client, target)).toSorted()).toEqual([base, ...made.values()].toSorted())
  }, 300_000)

  it(oneWins
    ? 'with rebase all others get in: each has a revision with its file, and in the end latest has all their files'
    : 'with rebase each has a revision in the list, with its file', async () => {
    const others = writers.filter((writer) => !made.has(writer))
    const conflicts = await Promise.all(
      others.map(async (writer) => {
        for (let refused = 0; ; refused += 1) {
          const { topHash } = await add(clientOf(writer), target, { writer, base, rebase: true })
          if (topHash === undefined) continue
          made.set(writer, topHash)
          return refused
        }
      }),
    )
    expect(conflicts).toHaveLength(others.length)
    expect(made.size).toBe(writers.length)
    expect((await revisionsOf(client, target)).toSorted()).toEqual([base, ...made.values()].toSorted())
    for (const [writer, topHash] of made) {
      expect(await filesOf(client, target, topHash)).toEqual(expect.arrayContaining(['base.txt', fileOf(writer)]))
    }
    if (oneWins) expect(await filesOf(client, target)).toEqual(['base.txt', ...writers.map(fileOf)])
  }, 600_000)
})
