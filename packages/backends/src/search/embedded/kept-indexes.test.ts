// When the indexes of a backend are opened, closed and removed.
import { readdirSync } from 'node:fs'
import { setTimeout as slowly } from 'node:timers/promises'
import { QuiltError } from '@quilt-mcp/core'
import { afterEach, expect, it, vi } from 'vitest'
import { testFolder } from '../../test/store-world.js'
import { type KeptIndexesDeps, keptIndexes } from './kept-indexes.js'
import { type Lab, lab } from './test/lab.js'

const buckets = ['lab-a', 'lab-b', 'lab-c']

/** What is made from now on in the folder for temporary files is made here. */
function emptyTemporaryFolder(): string {
  const folder = testFolder()
  vi.stubEnv('TMPDIR', folder)
  return folder
}

afterEach(() => void vi.unstubAllEnvs())

/** The indexes of three buckets, of which one stays open. */
function indexesOf(world: Lab, settings: Partial<KeptIndexesDeps> = {}) {
  return keptIndexes({
    folder: world.folder,
    freshMs: 0,
    patienceMs: 60_000,
    mostOpen: 1,
    now: () => 0,
    who: async () => 'ada',
    urlOf: (bucket) => `s3://${bucket}`,
    sourceOf: (bucket) => world.source(bucket),
    ...settings,
  })
}

type Indexes = ReturnType<typeof indexesOf>

/** Connections to the indexes of buckets, after they have been brought up to date. */
const connections = (indexes: Indexes, names: readonly string[] = buckets) =>
  indexes.use(names, (opened) =>
    Promise.all(
      opened.map(async (one) => {
        if ('failure' in one) throw one.failure
        await one.kept.catchUp('packages', {})
        return one.kept.index.db
      }),
    ),
  )

it('closes those that were used longest ago, once they are not used', async () => {
  const indexes = indexesOf(lab(buckets))
  const dbs = await indexes.use(buckets, async () => {
    const inner = await connections(indexes)
    expect(inner.map((db) => db.open)).toEqual([true, true, true])
    return inner
  })
  expect(dbs.map((db) => db.open)).toEqual([false, false, true])
  const [again] = await connections(indexes, ['lab-a'])
  expect([again?.open, dbs[2]?.open]).toEqual([true, false])
  await indexes.close()
})

it('keeps those open that were used last', async () => {
  const indexes = indexesOf(lab(buckets), { mostOpen: 2 })
  const [a, b] = await connections(indexes, ['lab-a', 'lab-b'])
  await connections(indexes, ['lab-a'])
  const [c] = await connections(indexes, ['lab-c'])
  expect([a?.open, b?.open, c?.open]).toEqual([true, false, true])
  await indexes.close()
})

it('does not wait for an index that is being built, and does not close it', async () => {
  const world = lab(['lab-data', 'lab-b'])
  const indexes = indexesOf(world, { patienceMs: 0 })
  const release = world.hold()
  const held = await connections(indexes, ['lab-data'])
  await connections(indexes, ['lab-b'])
  expect(held.map((db) => db.open)).toEqual([true])
  release()
  await indexes.close()
})

it('keeps what has been listed of a bucket whose index was closed', async () => {
  const world = lab(['lab-data', 'lab-b'])
  const indexes = indexesOf(world)
  await connections(indexes, ['lab-data'])
  await connections(indexes, ['lab-b'])
  const mayShow = await indexes.use(['lab-data'], async ([one]) =>
    one !== undefined && 'kept' in one ? one.kept.mayShow('packages') : undefined,
  )
  expect(mayShow).toBe(true)
})

it('opens a bucket anew that could not be opened', async () => {
  const world = lab(buckets)
  const failure = new QuiltError('unauthenticated', 'It expired')
  let failures = 1
  const indexes = indexesOf(world, {
    who: async () => {
      if (failures-- > 0) throw failure
      return 'ada'
    },
  })
  expect(await indexes.use(['lab-a'], async (opened) => opened)).toEqual([{ bucket: 'lab-a', failure }])
  expect(await connections(indexes, ['lab-a'])).toHaveLength(1)
  await indexes.close()
})

it('are kept in a folder of their own when none is given, which goes when they are closed', async () => {
  const indexes = indexesOf(lab(buckets), { folder: undefined })
  const temporary = emptyTemporaryFolder()
  expect(readdirSync(temporary)).toEqual([])
  const [db] = await connections(indexes, ['lab-a'])
  const [folder] = readdirSync(temporary)
  await indexes.close()
  expect([db?.open, readdirSync(temporary)]).toEqual([false, []])
  await connections(indexes, ['lab-a'])
  expect(readdirSync(temporary)).not.toEqual([folder])
  await indexes.close()
  expect(readdirSync(temporary)).toEqual([])
})

it('are closed when what is being built has ended, and leave nothing behind', async () => {
  const world = lab()
  const source = await world.source()
  const order: string[] = []
  const indexes = indexesOf(world, {
    folder: undefined,
    patienceMs: 0,
    sourceOf: async () => ({
      ...source,
      async *pointers({ signal }) {
        await new Promise((resolve) => signal?.addEventListener('abort', resolve))
        await slowly(20)
        order.push('list ended')
        throw new Error('enough')
      },
    }),
  })
  const temporary = emptyTemporaryFolder()
  const [db] = await connections(indexes, ['lab-data'])
  await indexes.close()
  order.push('closed')
  expect(order).toEqual(['list ended', 'closed'])
  expect([db?.open, readdirSync(temporary)]).toEqual([false, []])
})

it('are closed while they are opened, and opened anew after that', async () => {
  const indexes = indexesOf(lab(buckets), { folder: undefined })
  const temporary = emptyTemporaryFolder()
  const interrupted = connections(indexes, ['lab-a'])
  await indexes.close()
  await interrupted
  expect(readdirSync(temporary)).toEqual([])
  const [db] = await connections(indexes, ['lab-a'])
  expect(db?.open).toBe(true)
  await indexes.close()
  expect(readdirSync(temporary)).toEqual([])
})

it('begin nothing any more when they are closed while they are used', async () => {
  const indexes = indexesOf(lab(buckets), { folder: undefined })
  const temporary = emptyTemporaryFolder()
  const failure = await indexes.use(['lab-a'], async ([one]) => {
    await indexes.close()
    return one !== undefined && 'kept' in one ? one.kept.catchUp('packages', {}) : undefined
  })
  expect(failure).toMatchObject({ name: 'AbortError' })
  expect(readdirSync(temporary)).toEqual([])
})

it('are one for each who looks', async () => {
  const world = lab(buckets)
  for (const who of ['ada', 'grace', 'ada']) {
    const indexes = indexesOf(world, { who: async () => who })
    await connections(indexes, ['lab-a'])
    await indexes.close()
  }
  expect(world.indexFiles()).toHaveLength(2)
})
