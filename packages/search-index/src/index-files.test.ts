import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { isDamage } from './sqlite.js'
import { anIndex } from './test/an-index.js'

const world = anIndex()
const { values } = world
const files = (): readonly string[] => readdirSync(world.folder).filter((name) => name.endsWith('.db'))
const file = (): string => join(world.folder, files()[0] ?? '')
const latest = 'select name from revision where is_latest'

beforeEach(() => {
  world.source.push('lab/a', 100, { files: { a: 1 } })
})

it('is for its owner only', async () => {
  await world.index.refreshPackages()
  const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
  expect(modeOf(world.folder)).toBe('700')
  expect(new Set(readdirSync(world.folder).map((name) => modeOf(join(world.folder, name))))).toEqual(new Set(['600']))
})

it('is there for the next who opens it', async () => {
  await world.index.refreshPackages()
  const second = await world.second()
  expect(second.state()).toEqual(world.index.state())
  world.source.manifestsRead()
  await second.refreshPackages()
  expect(world.source.manifestsRead()).toEqual([])
})

it('shows what another has built', async () => {
  const second = await world.second()
  await second.refreshPackages()
  expect(values(latest)).toEqual(['lab/a'])
})

it('begins again when it is deleted while it is open', async () => {
  await world.index.refreshPackages()
  rmSync(dirname(world.folder), { recursive: true })
  expect(world.index.state()).toMatchObject({ packages: { done: 0 } })
  expect(values(latest)).toEqual([])
  await world.index.refreshPackages()
  expect(values(latest)).toEqual(['lab/a'])
})

it.each([
  ['garbage', (bytes: Buffer) => bytes.fill('garbage ')],
  ['half of a file', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ['nothing', () => Buffer.alloc(0)],
])('is thrown away and built again when its file holds %s', async (_, spoiled) => {
  await world.index.refreshPackages()
  world.index.close()
  for (const end of ['-wal', '-shm']) rmSync(file() + end, { force: true })
  writeFileSync(file(), spoiled(readFileSync(file())))
  const second = await world.second()
  await second.refreshPackages()
  expect(second.db.prepare(latest).pluck().all()).toEqual(['lab/a'])
  expect(second.db.prepare('pragma integrity_check').pluck().all()).toEqual(['ok'])
  expect(files()).toHaveLength(1)
})

it('begins again when damage shows while it is built', async () => {
  for (let n = 0; n < 300; n++) world.source.push(`lab/p${n}`, 100, { files: { [`file ${n}`]: 1 } })
  await world.index.refreshPackages()
  world.index.close()
  for (const end of ['-wal', '-shm']) rmSync(file() + end, { force: true })
  const bytes = readFileSync(file())
  // Not the first pages: the file still opens, and its list of tables is whole.
  writeFileSync(file(), bytes.fill(0xaa, 12 * 4_096))
  const second = await world.second()
  world.source.push('lab/p1', 200, { files: { another: 1 } })
  await second.refreshPackages()
  expect(second.db.prepare('select count(*) from revision where is_latest').pluck().all()).toEqual([301])
  expect(second.db.prepare('pragma integrity_check').pluck().all()).toEqual(['ok'])
})

it('is thrown away by who finds it damaged when searching', async () => {
  await world.index.refreshPackages()
  const second = await world.second()
  world.index.discard()
  expect(second.state()).toMatchObject({ packages: { done: 0 } })
  await world.index.refreshPackages()
  expect(second.db.prepare(latest).pluck().all()).toEqual(['lab/a'])
  expect(isDamage(Object.assign(new Error(''), { code: 'SQLITE_CORRUPT_VTAB' }))).toBe(true)
  expect(isDamage(Object.assign(new Error(''), { code: 'SQLITE_BUSY' }))).toBe(false)
})

it('removes files of other layouts', async () => {
  writeFileSync(join(world.folder, 'v0-000000000000001-1.db'), 'of an older version')
  await world.index.refreshPackages()
  expect(existsSync(join(world.folder, 'v0-000000000000001-1.db'))).toBe(false)
  expect(values(latest)).toEqual(['lab/a'])
})

it('says where the matter is when its folder cannot be written', async () => {
  rmSync(dirname(world.folder), { recursive: true })
  writeFileSync(dirname(world.folder), 'a file where the folder should be')
  expect(() => world.index.state()).toThrow(
    expect.objectContaining({ code: 'upstream', message: expect.stringContaining(dirname(world.folder)) }),
  )
  rmSync(dirname(world.folder))
  mkdirSync(world.folder, { recursive: true })
})

it('waits for who builds, and leaves when it is told to', async () => {
  const second = await world.second()
  const stop = new AbortController()
  const reason = new Error('enough')
  const outcomes: Promise<unknown>[] = []
  await world.index.refreshPackages({
    onProgress: () => {
      outcomes.push(second.refreshPackages({ signal: stop.signal }).catch((error: unknown) => error))
      stop.abort(reason)
    },
  })
  expect(new Set(await Promise.all(outcomes))).toEqual(new Set([reason]))
})
