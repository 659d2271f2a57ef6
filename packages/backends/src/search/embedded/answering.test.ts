// Index files that are damaged are built again while they are searched.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { parseQuery } from '@quilt-mcp/core'
import { expect, it } from 'vitest'
import { refusalOf } from '../../test/collect.js'
import { answerFrom } from './answering.js'
import type { KeptIndex } from './kept-index.js'
import { keptIndexes } from './kept-indexes.js'
import { type Lab, lab } from './test/lab.js'

/** Two buckets of so many packages that their indexes have more than the first pages. */
async function indexedLab(): Promise<{ readonly world: Lab; readonly fileOf: (bucket: string) => string }> {
  const world = lab(['lab-data', 'lab-other'])
  const files: string[] = []
  for (const bucket of ['lab-data', 'lab-other']) {
    for (let n = 0; n < 100; n++) world.push(`lab/p${n}`, `plates ${n} of ${bucket}`, bucket)
    const process = world.process()
    await process.find('plates', { buckets: [bucket] })
    await process.close()
    files.push(...world.indexFiles().filter((file) => !files.includes(file)))
  }
  return { world, fileOf: (bucket) => files[bucket === 'lab-data' ? 0 : 1] ?? '' }
}

/** Overwrites all but the first pages: the file still opens, and its list of tables is whole. */
function damage(file: string): void {
  writeFileSync(file, readFileSync(file).fill(0xaa, 12 * 4_096))
  const log = `${file}-wal`
  if (existsSync(log)) writeFileSync(log, readFileSync(log).fill(0xaa))
}

it('builds an index again that proves damaged, and answers from it', async () => {
  const { world, fileOf } = await indexedLab()
  damage(fileOf('lab-data'))
  expect(await world.process().find('plates')).toMatchObject({ total: 100, leftOut: [], notes: [] })
})

it('builds one again that is damaged while it is open, and leaves the others as they are', async () => {
  const { world, fileOf } = await indexedLab()
  const process = world.process()
  const both = { buckets: ['lab-data', 'lab-other'] }
  expect((await process.find('nothing', both)).total).toBe(0)
  damage(fileOf('lab-data'))
  for (const bucket of both.buckets) world.store(bucket).calls.length = 0
  expect(await process.find('plates', both)).toMatchObject({ total: 200, leftOut: [], notes: [] })
  const readFrom = (bucket: string) => world.store(bucket).calls.filter((call) => call.startsWith('read')).length > 0
  expect(both.buckets.map(readFrom)).toEqual([true, false])
})

it('builds one again that was deleted', async () => {
  const { world, fileOf } = await indexedLab()
  rmSync(fileOf('lab-data'))
  expect((await world.process().find('plates')).total).toBe(100)
})

it('says so when every index that is built is damaged at once', async () => {
  const { world } = await indexedLab()
  const indexes = keptIndexes({
    folder: world.folder,
    freshMs: 0,
    patienceMs: 60_000,
    now: () => world.nowMs,
    who: async () => 'ada',
    urlOf: () => 's3://lab-data',
    sourceOf: (bucket) => world.source(bucket),
  })
  const refused = await refusalOf(
    indexes.use(['lab-data'], async (opened) => {
      const onBadDisk = opened.map((one) => {
        if ('failure' in one) throw one.failure
        const catchUp: KeptIndex['catchUp'] = async (...asked) => {
          const failure = await one.kept.catchUp(...asked)
          world.indexFiles().forEach(damage)
          return failure
        }
        return { ...one, kept: { ...one.kept, catchUp } }
      })
      const request = { scope: 'packages', query: parseQuery('plates') } as const
      return answerFrom(onBadDisk, request, { buckets: world.buckets, now: () => world.nowMs }, {})
    }),
  )
  await indexes.close()
  expect([refused.code, refused.retryable, refused.message]).toEqual([
    'upstream',
    false,
    'A search index is damaged again as soon as it is built',
  ])
})
