// Above 10,000 entries the registry's flat map is null. An update must still keep every entry, as it was.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { platformBackend } from '@quilt-mcp/backends'
import { type Entry, fromPlain, type JsonObject } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, connectHttp, connectStdio } from './clients.js'
import { aWorld, type HttpServer, serveHttp, settingsOf, type World } from './world.js'

const count = 10_050
const data = { package: 'large/data', bucket: 'lab-a' }

let world: World
let server: HttpServer
let client: Client
let before: readonly Entry[]
const cacheHome = mkdtempSync(join(tmpdir(), 'quilt-cache-'))

beforeAll(async () => {
  world = await aWorld()
  server = await serveHttp({ ...settingsOf(world), XDG_CACHE_HOME: cacheHome, HOME: cacheHome })
  client = await connectHttp(`${server.origin}/mcp`, world.ada.apiKey)
  const { packages, objects } = ada()
  const { versionId = '' } = await objects.put({ bucket: 'lab-a', key: 'shared.txt' }, Buffer.from('shared'))
  await packages.push({
    bucket: data.bucket,
    name: data.package,
    message: 'Many',
    base: null,
    entries: Array.from({ length: count }, (_, index) => ({
      logicalKey: `plate-${index % 97}/well ${index}.txt`,
      physicalKey: `s3://lab-a/shared.txt?versionId=${versionId}`,
      size: 6,
      hash: { type: 'sha2-256-chunked', value: `${String(index).padStart(43, 'A')}=` },
      meta: fromPlain({ user_meta: { index } }) as JsonObject,
    })),
  })
  before = await entriesOf()
}, 120_000)
afterAll(async () => {
  await client.close()
  await server.stop()
  await world.close()
  rmSync(cacheHome, { recursive: true, force: true })
})

const ada = () =>
  platformBackend({ registryUrl: world.stack.registryUrl, s3Endpoint: world.stack.s3Endpoint, token: world.ada.apiKey })

async function entriesOf(): Promise<readonly Entry[]> {
  const { packages } = ada()
  const reader = await packages.open(await packages.resolve({ bucket: data.bucket, name: data.package }))
  const entries: Entry[] = []
  for await (const batch of reader.entries()) entries.push(...batch)
  return entries
}

describe('package_update of a package above 10,000 entries', () => {
  it('keeps every entry with its physical key, hash, size and metadata', async () => {
    expect(before).toHaveLength(count)
    const changed = await call(client, 'package_update', {
      ...data,
      message: 'One more, one less',
      add: [{ logical_key: 'zz/new.txt', text: 'new' }],
      remove: ['plate-0/well 0.txt'],
    })
    expect(changed).toMatchObject({ entries: count, counts: { added: 1, removed: 1, kept: count - 1 } })
    const after = await entriesOf()
    const gone = 'plate-0/well 0.txt'
    expect(after.filter((entry) => entry.logicalKey !== 'zz/new.txt')).toEqual(
      before.filter((entry) => entry.logicalKey !== gone),
    )
  }, 120_000)

  it('is browsed page by page, without repeats or gaps', async () => {
    const root = await call(client, 'package_browse', { ...data, limit: 1 })
    expect(root).toMatchObject({ total_entries: count, total_bytes: 6 * (count - 1) + 3 })
    expect(root.extensions).toEqual([{ extension: 'txt', entries: count, bytes: 6 * (count - 1) + 3 }])
    const names: string[] = []
    let pages = 0
    let cursor: unknown
    do {
      const page = await call(client, 'package_browse', { ...data, limit: 30, ...(cursor !== undefined && { cursor }) })
      names.push(...(page.items as { name: string }[]).map((item) => item.name))
      cursor = page.cursor
      pages++
    } while (cursor !== undefined)
    expect(pages).toBe(4)
    expect(names).toHaveLength(98)
    expect(new Set(names).size).toBe(98)
  })
})

describe('the index of a large package', () => {
  it('is not put on the disk of a server for many', () => {
    expect(readdirSync(cacheHome)).toEqual([])
  })

  it('is kept in the cache folder of a user who is alone, unless they say none', async () => {
    const settings = { ...settingsOf(world), QUILT_API_KEY: world.ada.apiKey, HOME: cacheHome }
    const browse = async (env: Record<string, string>) => {
      const own = await connectStdio({ ...settings, ...env })
      await call(own, 'package_browse', { ...data, limit: 1 })
      await own.close()
    }
    const folder = join(cacheHome, 'mine')
    await browse({ QUILT_CACHE_DIR: 'none', XDG_CACHE_HOME: folder })
    expect(existsSync(folder)).toBe(false)
    await browse({ QUILT_CACHE_DIR: folder })
    expect(readdirSync(join(folder, 'manifest-indexes'))).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.index$/)])
  }, 60_000)
})
