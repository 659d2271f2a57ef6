import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { refusalOf } from '../../test/collect.js'
import { manifestText, topHash } from '../../test/stored-manifests.js'
import { createIndexCache, type IndexCacheOptions, type ManifestIdentity } from './index-cache.js'

const text = manifestText(['a.csv', 'data/b.csv'])
const identity: ManifestIdentity = { registry: 's3://lab', topHash, length: text.length, version: 'e1' }

/** Opens a text as a manifest, and counts how often. */
function opened(manifest = text) {
  let times = 0
  const open = async () => {
    times += 1
    return (async function* () {
      yield Buffer.from(manifest)
    })()
  }
  return { open, times: () => times }
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'quilt-indexes-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
const indexesIn = (folder: string) => join(folder, 'manifest-indexes')
const filesIn = (folder: string) => readdirSync(indexesIn(folder)).map((name) => join(indexesIn(folder), name))

/** A folder with one index, and a new process on it each time. */
async function keptOnDisk(manifest = text) {
  const folder = newFolder()
  const problems: unknown[] = []
  const process = (options: IndexCacheOptions = {}) =>
    createIndexCache({ folder, leastBytes: 0, onProblem: (error) => problems.push(error), ...options })
  await process().get({ ...identity, length: manifest.length }, opened(manifest).open)
  const [path = ''] = filesIn(folder)
  return { folder, path, process, problems }
}

describe('an index in memory', () => {
  it('is built once for a manifest', async () => {
    const cache = createIndexCache()
    const { open, times } = opened()
    const first = await cache.get(identity, open)
    expect(first.summary()).toMatchObject({ entries: 2, bytes: 10, directories: 1 })
    expect(await cache.get(identity, open)).toBe(first)
    expect(times()).toBe(1)
  })

  it.each([
    ['registry', { registry: 's3://other' }],
    ['top hash', { topHash: '1'.repeat(64) }],
    ['version', { version: 'e2' }],
  ])('is not that of a manifest with another %s', async (_what, other) => {
    const cache = createIndexCache()
    const { open, times } = opened()
    await cache.get(identity, open)
    await cache.get({ ...identity, ...other }, open)
    expect(times()).toBe(2)
  })

  it('goes when others were used later and there is no room for all', async () => {
    const cache = createIndexCache({ maxMemoryBytes: 1_000 })
    const { open, times } = opened()
    for (const version of ['e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e1']) await cache.get({ ...identity, version }, open)
    expect(times()).toBe(7)
    await cache.get({ ...identity, version: 'e6' }, open)
    expect(times()).toBe(7)
  })

  it('is refused for a manifest that came with another length, and not kept', async () => {
    const cache = createIndexCache()
    const { open, times } = opened()
    const refusal = await refusalOf(cache.get({ ...identity, length: text.length + 1 }, open))
    expect([refusal.code, refusal.retryable]).toEqual(['partial', true])
    await refusalOf(cache.get({ ...identity, length: text.length + 1 }, open))
    expect(times()).toBe(2)
  })

  it('is built again after it was dropped, while a newer one stays', async () => {
    const cache = createIndexCache()
    const { open, times } = opened()
    const old = await cache.get(identity, open)
    await cache.drop(identity, old)
    const newer = await cache.get(identity, open)
    await cache.drop(identity, old)
    expect(await cache.get(identity, open)).toBe(newer)
    expect(times()).toBe(2)
  })
})

describe('a build', () => {
  it('is shared by all who want the same index meanwhile', async () => {
    const cache = createIndexCache()
    const { open, times } = opened()
    const all = await Promise.all([cache.get(identity, open), cache.get(identity, open), cache.get(identity, open)])
    expect([new Set(all).size, times()]).toEqual([1, 1])
  })

  it('that another caller may not finish is begun again with one’s own rights', async () => {
    const cache = createIndexCache()
    const refused = async () => Promise.reject(new QuiltError('forbidden', 'no longer'))
    const { open, times } = opened()
    const [theirs, ours] = [refusalOf(cache.get(identity, refused)), cache.get(identity, open)]
    expect((await theirs).code).toBe('forbidden')
    expect((await ours).summary().entries).toBe(2)
    expect(times()).toBe(1)
  })

  it('that fails by the manifest itself fails for all who wait', async () => {
    const cache = createIndexCache()
    const { open, times } = opened(`${text}{"damaged": }\n`)
    const both = await Promise.all([refusalOf(cache.get(identity, open)), refusalOf(cache.get(identity, open))])
    expect([both.map(({ code }) => code), times()]).toEqual([['upstream', 'upstream'], 1])
  })
})

describe('an index on disk', () => {
  it('serves the next process', async () => {
    const { process } = await keptOnDisk()
    const { open, times } = opened()
    expect((await process().get(identity, open)).find('data/b.csv')).toMatchObject({ size: 5 })
    expect(times()).toBe(0)
  })

  it('is not kept for a manifest that is read as fast as the file would be', async () => {
    const { folder, problems } = await keptOnDisk()
    const cache = createIndexCache({ folder, leastBytes: text.length + 1 })
    const { open, times } = opened()
    expect((await cache.get(identity, open)).summary().entries).toBe(2)
    await cache.get({ ...identity, version: 'e9' }, open)
    expect([times(), filesIn(folder).length, problems]).toEqual([2, 1, []])
  })

  it('is for this user only', async () => {
    const { folder, path } = await keptOnDisk()
    expect([statSync(indexesIn(folder)).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600])
  })

  it.each([
    ['was deleted', (path: string) => rmSync(path)],
    ['was half written', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 200))],
    ['is empty', (path: string) => writeFileSync(path, '')],
    ['has a changed byte', (path: string) => writeFileSync(path, readFileSync(path).fill(7, 150, 151))],
    ['is something else', (path: string) => writeFileSync(path, 'hello')],
  ])('that %s is built again', async (_what, harm) => {
    const { path, process } = await keptOnDisk()
    const whole = readFileSync(path)
    harm(path)
    const { open, times } = opened()
    expect((await process().get(identity, open)).summary().entries).toBe(2)
    expect([times(), readFileSync(path)]).toEqual([1, whole])
  })

  it('may go with its folder while it is in use: then it is dropped and built again', async () => {
    const { folder, process, problems } = await keptOnDisk()
    const cache = process()
    const { open, times } = opened()
    const index = await cache.get(identity, open)
    rmSync(indexesIn(folder), { recursive: true })
    expect(() => index.find('data/b.csv')).toThrow(expect.objectContaining({ code: 'internal', retryable: true }))
    await cache.drop(identity, index)
    expect((await cache.get(identity, open)).find('data/b.csv')).toMatchObject({ size: 5 })
    expect([times(), filesIn(folder).length, problems]).toEqual([1, 1, []])
  })

  it('goes when others were used later, whichever process put them there, and the folder is full', async () => {
    const { folder, path, process } = await keptOnDisk()
    const { size } = statSync(path)
    const { open } = opened()
    for (const version of ['e2', 'e3']) await process().get({ ...identity, version }, open)
    const [longAgo, now] = [new Date(0), new Date()]
    for (const each of filesIn(folder)) utimesSync(each, longAgo, longAgo)
    utimesSync(path, now, now)
    await process({ maxBytes: 2 * size }).get({ ...identity, version: 'e4' }, open)
    expect(filesIn(folder)).toHaveLength(2)
    expect(filesIn(folder)).toContain(path)
  })

  it('leaves nothing unfinished behind, removes what a dead process left, and nothing that is not its own', async () => {
    const { folder, process } = await keptOnDisk()
    const left = join(indexesIn(folder), '0d1cf4d5-6bfc-4a1c-bb20-7d64f7d4b8a1.part')
    const foreign = join(indexesIn(folder), 'notes.txt')
    for (const path of [left, foreign]) {
      writeFileSync(path, 'x'.repeat(5_000))
      utimesSync(path, new Date(0), new Date(0))
    }
    await process({ maxBytes: 4_000 }).get({ ...identity, version: 'e2' }, opened().open)
    expect(filesIn(folder).filter((path) => !path.endsWith('.index'))).toEqual([foreign])
  })

  it('is done without when the folder cannot be used, which is told', async () => {
    const folder = join(newFolder(), 'a-file')
    writeFileSync(folder, '')
    const problems: unknown[] = []
    const cache = createIndexCache({ folder, leastBytes: 0, onProblem: (error) => problems.push(error) })
    const { open, times } = opened()
    await cache.get(identity, open)
    await cache.get(identity, open)
    expect(times()).toBe(1)
    expect(problems).toEqual([
      expect.objectContaining({ code: 'ENOTDIR' }),
      expect.objectContaining({ code: expect.stringMatching(/^(ENOTDIR|EEXIST)$/) }),
    ])
  })

  it('is written by two processes at once without harm', async () => {
    const folder = newFolder()
    const { open } = opened()
    const versions = Array.from({ length: 20 }, (_, at) => ({ ...identity, version: `e${at % 4}` }))
    await Promise.all(versions.map((each) => createIndexCache({ folder, leastBytes: 0 }).get(each, open)))
    expect(filesIn(folder)).toHaveLength(4)
    const { open: again, times } = opened()
    for (const each of versions) await createIndexCache({ folder, leastBytes: 0 }).get(each, again)
    expect(times()).toBe(0)
  })
})
