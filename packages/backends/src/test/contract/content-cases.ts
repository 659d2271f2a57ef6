import { expect } from 'vitest'
import type { PlannedEntry, PlannedEntryStream } from '../../packages/port.js'
import { bytesOf, refusalOf } from '../collect.js'
import { type ContractSubject, casesOf } from './contract-case.js'
import { type ContractWorld, seen } from './contract-world.js'
import { allEntries, aPackage, everyKey, files, fresh, hello, jsonOf, opened } from './made.js'
import { codesOf } from './told.js'

const text = (logicalKey: string, content: string): PlannedEntry => ({ logicalKey, content: Buffer.from(content) })

/** Hashes of so many bytes of `quiltquilt...` (formats.md 4.2, computed by hashlib). */
const chunked = [
  [0, '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
  [5, 'mJieK3KtuHjnxg+vEsikfGCVvXLm0K4gcOXuk5GU82Y='],
  [8_388_608, 'uLR3foEAM0/w4DQ7qQPvAh5xZ0tNdyB+6oynmS5dMBE='],
  [9_000_000, '9FzlCjuILjZoL/piddtHtbhjfFI6Y7z3lJ8JgNosXT0='],
] as const

/** A stream that tells its entries one batch each. */
const streamOf = (entries: readonly PlannedEntry[]): PlannedEntryStream => ({
  count: entries.length,
  async *batches() {
    for (const entry of entries) yield [entry]
  },
})

const dry = async (world: ContractWorld, entries: readonly PlannedEntry[] | PlannedEntryStream) => {
  const before = await everyKey(world)
  const check = await world.backend.packages.check({ ...fresh(world), entries, message: null })
  expect(await everyKey(world)).toEqual(before)
  return check
}

export const contentCases: ContractSubject = {
  subject: 'a push with content',
  cases: [
    {
      title: 'uploads it below the name of the package, and names it there',
      async run(world) {
        const ref = fresh(world)
        const meta = jsonOf('{"user_meta":{"n":1.0}}')
        const [placed] = await files(world, { 'z.txt': 'z' })
        const entries = [{ ...text('data/a b.txt', 'hello'), meta }, ...(placed === undefined ? [] : [placed])]
        const { revision } = await world.backend.packages.push({ ...ref, entries, message: null })
        const reader = await opened(world, revision)
        const [first, second] = await allEntries(reader)
        expect(seen(world, first)).toEqual({
          logicalKey: 'data/a b.txt',
          physicalKey: `registry:/${ref.name}/data/a%20b.txt`,
          ...hello,
          meta: '{"user_meta":{"n":1.0}}',
        })
        expect([second?.logicalKey, revision.totalEntries, revision.totalBytes]).toEqual(['z.txt', 2, 6])
        expect((await bytesOf((await reader.read('data/a b.txt')).body)).toString()).toBe('hello')
      },
    },
    ...casesOf('hashes it as quilt3 does: so many bytes', chunked, async (world, [size, value]) => {
      const entries = [{ logicalKey: 'sized', content: Buffer.alloc(size, 'quilt') }]
      const { revision } = await world.backend.packages.push({ ...fresh(world), entries, message: null })
      const entry = await (await opened(world, revision)).entry('sized')
      expect([entry.size, entry.hash]).toEqual([size, { type: 'sha2-256-chunked', value }])
    }),
    {
      title: 'of a stream is the same revision as of a list',
      async run(world) {
        const entries = [...(await files(world, { a: 'a', 'b/c': 'hello' })), text('b/d', 'd'), text('c', '')]
        const plan = { message: 'the same' }
        const list = await world.backend.packages.push({ ...fresh(world), ...plan, entries: entries.toReversed() })
        const stream = await world.backend.packages.push({ ...fresh(world), ...plan, entries: streamOf(entries) })
        expect(stream.revision.topHash).toBe(list.revision.topHash)
        expect(stream.revision.totalEntries).toBe(4)
      },
    },
    {
      title: 'is checked before: how much it would upload, and nothing is written',
      async run(world) {
        const entries = [...(await files(world, { a: 'hello' })), text('b', 'four'), text('c', '')]
        for (const planned of [entries, streamOf(entries)]) {
          const { uploads, copies } = await dry(world, planned)
          expect([uploads, copies]).toEqual([
            { objects: 2, bytes: 4 },
            { objects: 0, bytes: 0 },
          ])
        }
      },
    },
    {
      title: 'of objects that were just listed is checked without a look at them, and pushed with one',
      async run(world) {
        const [placed] = await files(world, { 'seen.txt': 'seen' })
        const missing = { logicalKey: 'gone.txt', physicalKey: `s3://${world.bucket}/never/there.txt`, size: 4 }
        const entries = [missing, ...(placed === undefined ? [] : [{ ...placed, size: 4 }])]
        const listed = { ...streamOf(entries), listed: true }
        expect(await dry(world, listed)).toMatchObject({ uploads: { objects: 0 }, copies: { objects: 0 } })
        const push = world.backend.packages.push({ ...fresh(world), entries: listed, message: null })
        expect((await refusalOf(push)).code).toBe('invalid_input')
      },
    },
    {
      title: 'uploads nothing when another entry is wrong, and names all that are',
      async run(world) {
        const entries = [
          text('a', 'a'),
          { logicalKey: 'b', physicalKey: `s3://${world.bucket}/does/not-exist` },
          text('b/c', 'c'),
          text('../up', 'up'),
          { logicalKey: 'd', physicalKey: 'https://example.com/d' },
        ]
        const before = await everyKey(world)
        const plan = { ...fresh(world), entries, message: null }
        const { packages } = world.backend
        for (const call of [packages.push, packages.check]) {
          const { code, details } = await refusalOf(call(plan))
          expect([code, details]).toEqual([
            'invalid_input',
            {
              count: 4,
              problems: ['../up', 'b', 'b/c', 'd'].map((path) => expect.objectContaining({ path })),
            },
          ])
        }
        expect(await everyKey(world)).toEqual(before)
      },
    },
    {
      title: 'uploads nothing when the base does not hold',
      async run(world) {
        const revision = await aPackage(world, { a: 'a' })
        const before = await everyKey(world)
        const plan = { ...fresh(world), name: revision.name, entries: [text('b', 'b')], message: null, base: null }
        const calls = [world.backend.packages.push(plan), world.backend.packages.check(plan)]
        expect(await codesOf(calls)).toEqual(['conflict', 'conflict'])
        expect(await everyKey(world)).toEqual(before)
      },
    },
    {
      title: 'that is given up leaves latest as it was',
      async run(world) {
        const revision = await aPackage(world, { a: 'a' })
        const entries = Array.from({ length: 40 }, (_, n) => text(`n${n}`, String(n)))
        const stop = new AbortController()
        const reason = new Error('the user left')
        const push = world.backend.packages.push(
          { ...fresh(world), name: revision.name, entries, message: 'never' },
          { signal: stop.signal, onProgress: ({ message }) => message === 'Uploading' && stop.abort(reason) },
        )
        await expect(push).rejects.toBe(reason)
        expect((await world.backend.packages.resolve(revision)).topHash).toBe(revision.topHash)
        expect((await world.backend.packages.revisions(revision)).items).toHaveLength(1)
      },
    },
    {
      title: 'tells how far it is',
      async run(world) {
        const told = new Set<string>()
        let last: number | undefined
        const entries = [text('a', 'a'), text('b', 'b')]
        await world.backend.packages.push(
          { ...fresh(world), entries, message: null },
          {
            onProgress({ done, total, message }) {
              told.add(`${message} of ${total}`)
              last = done
            },
          },
        )
        expect([[...told], last]).toEqual([['Looking at objects of 2', 'Uploading of 2'], 2])
      },
    },
  ],
}
