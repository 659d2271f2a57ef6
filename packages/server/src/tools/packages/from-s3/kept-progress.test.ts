import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type KeptProgress, keptProgress, whileKept, withEarlierFacts } from './kept-progress.js'
import type { PlannedFile } from './planned-file.js'
import { batchesOf, temporaryFiles } from './spilled-sort.js'

let path: string
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'quilt-kept-'))
})
afterEach(() => rm(path, { recursive: true, force: true }))

const file = (logicalKey: string, more: Partial<PlannedFile> = {}): PlannedFile => ({
  logicalKey,
  key: `raw/${logicalKey}`,
  size: 5,
  modified: '2026-11-21T00:00:00.000Z',
  etag: 'e1',
  ...more,
})
const facts = (logicalKey: string, place = `s3://lab-a/raw/${logicalKey}?versionId=v1`) => ({
  physicalKey: place,
  hash: { type: 'sha2-256-chunked', value: 'h' },
})
const planOf = (...files: readonly PlannedFile[]) => ({ files: () => batchesOf(files) })

/** The files of a later listing, with what is known of each. */
async function later(
  kept: KeptProgress,
  ...files: readonly PlannedFile[]
): Promise<Record<string, string | undefined>> {
  const temporary = temporaryFiles()
  const known: Record<string, string | undefined> = {}
  for await (const batch of withEarlierFacts(batchesOf(files), await kept.earlier(temporary), 'lab-a'))
    for (const { logicalKey, known: found } of batch) known[logicalKey] = found?.physicalKey
  await temporary.remove()
  return known
}

/** A push that breaks off after these files. */
async function brokenOff(
  kept: KeptProgress,
  plan: ReturnType<typeof planOf>,
  done: Record<string, string>,
): Promise<void> {
  const push = whileKept(kept, plan, async (onCompleted) => {
    for (const [logicalKey, place] of Object.entries(done))
      onCompleted?.([{ logicalKey, size: 5, ...facts(logicalKey, place) }])
    throw new Error('broken off')
  })
  await expect(push).rejects.toThrow('broken off')
}

const v1 = (name: string) => `s3://lab-a/raw/${name}?versionId=v1`

describe('progress that is kept', () => {
  it('knows the files that were done, and no others', async () => {
    const kept = keptProgress({ path, owner: 'ada' }, ['call'])
    await brokenOff(kept, planOf(file('a'), file('b'), file('c')), { c: v1('c'), a: v1('a') })
    expect(await later(kept, file('a'), file('b'), file('c'), file('d'))).toEqual({
      a: v1('a'),
      b: undefined,
      c: v1('c'),
      d: undefined,
    })
  })

  it('grows from try to try', async () => {
    const kept = keptProgress({ path, owner: 'ada' }, ['call'])
    await brokenOff(kept, planOf(file('a'), file('b')), { a: v1('a') })
    await brokenOff(kept, planOf(file('a', { known: facts('a') }), file('b')), { b: v1('b') })
    expect(await later(kept, file('a'), file('b'))).toEqual({ a: v1('a'), b: v1('b') })
  })

  it.each([
    ['etag', { etag: 'e2' }],
    ['size', { size: 6 }],
    ['time', { modified: '2026-11-22T00:00:00.000Z' }],
    ['key', { key: 'raw/other' }],
  ])('says nothing of an object that has another %s', async (_, change) => {
    const kept = keptProgress({ path, owner: 'ada' }, ['call'])
    await brokenOff(kept, planOf(file('a')), { a: v1('a') })
    expect(await later(kept, file('a', change))).toEqual({ a: undefined })
  })

  it('trusts a place without version only where it was just listed: a copy may be another by now', async () => {
    const kept = keptProgress({ path, owner: 'ada' }, ['call'])
    await brokenOff(kept, planOf(file('a'), file('b')), { a: 's3://lab-a/raw/a', b: 's3://lab-b/study/b' })
    expect(await later(kept, file('a'), file('b'))).toEqual({ a: 's3://lab-a/raw/a', b: undefined })
  })

  it("is nobody else's, and of no other call", async () => {
    await brokenOff(keptProgress({ path, owner: 'ada' }, ['call']), planOf(file('a')), { a: v1('a') })
    expect(await later(keptProgress({ path, owner: 'grace' }, ['call']), file('a'))).toEqual({ a: undefined })
    expect(await later(keptProgress({ path, owner: 'ada' }, ['other']), file('a'))).toEqual({ a: undefined })
  })

  it('goes when the push is done', async () => {
    const kept = keptProgress({ path, owner: 'ada' }, ['call'])
    await brokenOff(kept, planOf(file('a')), { a: v1('a') })
    expect(await whileKept(kept, planOf(file('a')), () => Promise.resolve('made'))).toBe('made')
    expect(await readdir(join(path, 'from-s3'))).toEqual([])
  })

  it('goes after a week, whoever looks', async () => {
    await brokenOff(keptProgress({ path, owner: 'ada' }, ['call']), planOf(file('a')), { a: v1('a') })
    const [folder = ''] = await readdir(join(path, 'from-s3'))
    const old = new Date(Date.now() - 8 * 24 * 3_600_000)
    for (const name of await readdir(join(path, 'from-s3', folder)))
      await utimes(join(path, 'from-s3', folder, name), old, old)
    await later(keptProgress({ path, owner: 'grace' }, ['other']), file('a'))
    expect(await readdir(join(path, 'from-s3'))).toEqual([])
  })

  it('takes no plan that was cut off while it was written', async () => {
    const kept = keptProgress({ path, owner: 'ada' }, ['call'])
    await brokenOff(kept, planOf(file('a')), { a: v1('a') })
    const [folder = ''] = await readdir(join(path, 'from-s3'))
    await writeFile(join(path, 'from-s3', folder, '9999999999999-x.new'), '["a","raw')
    expect(await later(kept, file('a'))).toEqual({ a: v1('a') })
  })
})
