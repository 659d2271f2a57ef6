// A package of 30,000 entries at a real stack: what a look costs, and who may look.
import { emptyJsonObject, QuiltError } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from '../../backend.js'
import type { Page } from '../../call-options.js'
import type { HttpClient } from '../../http/client.js'
import { bytesOf, refusalOf, refusalsOf } from '../../test/collect.js'
import { faultServer } from '../../test/fault-server.js'
import { s3Says } from '../../test/faulty-world.js'
import { freshName, putFiles } from '../../test/packages.js'
import { startWorld, type World } from '../../test/world.js'
import { createIndexCache, type IndexCache } from '../indexes/index-cache.js'
import { bucketManifest } from '../indexes/manifest-source.js'
import { storedManifest } from '../indexes/stored-manifest.js'
import type { DirItem, PackageReader, PackageRef } from '../port.js'

const count = 30_000
const hash = { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' }

let world: World
let ada: Backend
let ref: PackageRef

beforeAll(async () => {
  world = await startWorld()
  ada = await world.backendOf('ada')
  ref = freshName()
  const [file = { logicalKey: '', physicalKey: '' }] = await putFiles(ada, { 'big.txt': 'hello' }, 'big')
  const { versionId = '' } = await ada.objects.info({ bucket: 'lab-a', key: 'big/big.txt' })
  const entry = { physicalKey: `${file.physicalKey}?versionId=${versionId}`, size: 5, hash, meta: emptyJsonObject }
  const planned = Array.from({ length: count }, (_, at) => ({
    logicalKey: at < 50 ? `top-${at}.md` : `plate-${at % 7}/${String(at).padStart(5, '0')}.txt`,
    ...entry,
  }))
  await ada.packages.push({ ...ref, entries: planned, message: 'many', base: null })
}, 120_000)
afterAll(() => world.close())

interface Traffic {
  readonly requests: string[]
  bytes: number
}

/** Counts what goes to S3 and to the registry. */
function counting(http: HttpClient): { readonly http: HttpClient; taken(): Traffic } {
  let traffic: Traffic = { requests: [], bytes: 0 }
  return {
    http: {
      async send(request) {
        const answer = await http.send(request)
        if (request.url.href.startsWith(world.stack.registryUrl)) return answer
        traffic.requests.push(request.method)
        if (request.method === 'GET') traffic.bytes += Number(answer.headers['content-length'])
        return answer
      },
      close: () => http.close(),
    },
    taken() {
      const taken = traffic
      traffic = { requests: [], bytes: 0 }
      return taken
    },
  }
}

/** A new call of a user: nothing is kept but the indexes. */
async function opened(indexes: IndexCache) {
  const { http, taken } = counting(world.http)
  const backend = await world.backendOf('ada', { http, indexes })
  const reader = await backend.packages.open(await backend.packages.resolve(ref))
  return { reader, taken }
}

/** The same revision for a role that may not read manifests: the registry answers. */
async function byRegistry(indexes = createIndexCache()): Promise<PackageReader> {
  const s3 = await faultServer(s3Says('AccessDenied', 403))
  const backend = await world.backendOf('ada', { s3Endpoint: s3.url, indexes })
  return backend.packages.open(await backend.packages.resolve(ref))
}

describe('a look into a package of 30,000 entries', () => {
  it('reads the manifest once; the second look reads what it shows', async () => {
    const indexes = createIndexCache()
    const first = await opened(indexes)
    const firstPage = await first.reader.dir('plate-3', { limit: 20 })
    const { requests, bytes } = first.taken()
    expect(requests).toEqual(['HEAD', 'GET', 'GET'])
    expect(bytes).toBeGreaterThan(6_000_000)

    const second = await opened(indexes)
    expect(await second.reader.dir('plate-3', { limit: 20 })).toEqual(firstPage)
    const traffic = second.taken()
    expect(traffic.requests).toEqual(['HEAD', 'GET'])
    expect(traffic.bytes).toBeLessThan(6_000)
    expect([firstPage.items.length, firstPage.total]).toEqual([20, 4_279])
  }, 30_000)

  it('finds one entry, sums up and says what is missing by as little', async () => {
    const indexes = createIndexCache()
    await (await opened(indexes)).reader.dir('', { limit: 1 })
    const { reader, taken } = await opened(indexes)
    expect((await reader.entry('plate-1/29996.txt')).hash).toEqual(hash)
    expect(await reader.summary?.()).toEqual({
      entries: count,
      bytes: 5 * count,
      directories: 7,
      extensions: [
        { extension: 'txt', entries: count - 50, bytes: 5 * (count - 50) },
        { extension: 'md', entries: 50, bytes: 250 },
      ],
    })
    expect((await refusalOf(reader.entry('plate-1/29996'))).hint).toMatch(/^Near it: plate-1\/29996\.txt/)
    const { requests, bytes } = taken()
    expect(requests).toEqual(['HEAD', 'GET'])
    expect(bytes).toBeLessThan(300)
  }, 30_000)

  it('reads the bytes of an entry', async () => {
    const { reader } = await opened(createIndexCache())
    expect((await bytesOf((await reader.read('top-7.md')).body)).toString()).toBe('hello')
  }, 30_000)

  it('shows what the registry shows, and the sizes of directories as well', async () => {
    const { reader } = await opened(createIndexCache())
    const registry = await byRegistry()
    const plain = ({ items, ...page }: Page<DirItem>) => ({
      ...page,
      items: items.map((item) => (item.kind === 'directory' ? { ...item, size: undefined } : item)),
    })
    for (const path of ['', 'plate-0', 'plate-6/']) {
      const [ours, theirs] = [await reader.dir(path, { limit: 1_000 }), await registry.dir(path, { limit: 1_000 })]
      expect(plain(ours)).toEqual(plain(theirs))
      const more = { limit: 700, cursor: ours.cursor }
      expect(plain(await reader.dir(path, more))).toEqual(plain(await registry.dir(path, more)))
    }
    expect((await reader.dir('', { limit: 1 })).items).toMatchObject([{ name: 'plate-0', size: 5 * 4_278 }])
    const path = 'plate-0/00056.txt'
    expect(await reader.entry(path)).toEqual(await registry.entry(path))
  }, 60_000)

  it.each([
    'plate',
    'plate-0/00057.txt',
    'top-1.md/x',
    'a//b',
    '/',
  ])('fails for %s as the registry does', async (path) => {
    const { reader } = await opened(createIndexCache())
    const registry = await byRegistry()
    const failures = async ({ dir, entry, read }: PackageReader) => {
      const tries = [() => dir(path), () => entry(path), () => read(path)]
      return Promise.all(tries.map((attempt) => attempt().then(() => 'no failure', said)))
    }
    expect(await failures(reader)).toEqual(await failures(registry))
  }, 60_000)
})

/** All that a client sees of an error. */
function said(error: unknown) {
  if (!(error instanceof QuiltError)) throw error
  const { code, message, hint, details, nextTools, retryable } = error
  return { code, message, hint, details, nextTools, retryable }
}

describe('an index that one tenant has built', () => {
  it('is out of reach of a tenant who may not see the manifest', async () => {
    const indexes = createIndexCache()
    const { reader } = await opened(indexes)
    await reader.dir('')
    const grace = await world.backendOf('grace', { indexes })
    const { bucket, topHash } = reader.revision
    const stolen = storedManifest(bucketManifest(grace.objects, { bucket, topHash }), indexes)
    for (const attempt of [stolen.summary(), stolen.dir(''), stolen.names('', 'x'), stolen.entry('top-7.md')]) {
      expect((await refusalOf(attempt)).code).toBe('forbidden')
    }
    expect((await refusalOf(grace.packages.open(reader.revision))).code).toBe('not_found')
  }, 30_000)

  it('is not looked for by a tenant who may not open the revision, though all that names it is known', async () => {
    const indexes = createIndexCache()
    const { reader } = await opened(indexes)
    await reader.dir('')
    const { http, taken } = counting(world.http)
    const grace = await world.backendOf('grace', { http, indexes })
    const { bucket, name, topHash } = reader.revision
    const attempts = [
      grace.packages.resolve({ bucket, name }),
      grace.packages.resolve({ bucket, name }, topHash),
      grace.packages.open(reader.revision),
      grace.packages.revisions({ bucket, name }),
    ]
    for (const error of await refusalsOf(attempts)) expect(error.code).toBe('not_found')
    expect(taken().requests).toEqual([])
  }, 30_000)

  it('shows nothing to who sees the package at the registry and may not read its manifest: the registry answers', async () => {
    const indexes = createIndexCache()
    const { reader } = await opened(indexes)
    const [known] = (await reader.dir('')).items
    const denied = await byRegistry(indexes)
    const [shown] = (await denied.dir('')).items
    // The size of a directory is known to the index alone.
    expect([known, shown]).toEqual([
      { kind: 'directory', name: 'plate-0', logicalKey: 'plate-0/', size: 5 * 4_278 },
      { kind: 'directory', name: 'plate-0', logicalKey: 'plate-0/' },
    ])
    expect(await denied.summary?.()).toBeUndefined()
  }, 30_000)

  it('serves another one who may', async () => {
    const indexes = createIndexCache()
    await (await opened(indexes)).reader.dir('')
    const { reader, taken } = await opened(indexes)
    await reader.summary?.()
    expect(taken().requests).toEqual(['HEAD'])
  }, 30_000)
})
