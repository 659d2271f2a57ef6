import { expect } from 'vitest'
import { type ContractSubject, casesOf } from './contract-case.js'
import { type ContractWorld, seen } from './contract-world.js'
import { aPackage, files, fresh, freshHash, line, plantRevision } from './made.js'
import { codesOf, told } from './told.js'

const second = 1_700_000_000

/** Three revisions, a minute apart; the middle one is latest. @returns their top hashes, oldest first */
async function three(world: ContractWorld, name: string): Promise<readonly [string, string, string]> {
  const hashes = [freshHash(), freshHash(), freshHash()] as const
  for (const [index, topHash] of hashes.entries()) {
    const header = `{"version": "v0", "message": "number ${index}"}`
    const lines = [header, ...['a', 'b', 'c'].slice(0, index).map((key) => line(world, key))]
    await plantRevision(world, { name, second: second + 60 * index, topHash, lines })
  }
  await world.plant(`.quilt/named_packages/${name}/latest`, hashes[1])
  return hashes
}

export const revisionCases: ContractSubject = {
  subject: 'revisions',
  cases: [
    {
      title: 'are listed newest first, with message, time and totals',
      async run(world) {
        const ref = fresh(world)
        const [zero, one, two] = await three(world, ref.name)
        expect(await world.backend.packages.revisions(ref)).toEqual({
          items: [
            {
              ...ref,
              topHash: two,
              modified: '2023-11-14T22:15:20.000Z',
              message: 'number 2',
              totalEntries: 2,
              totalBytes: 10,
            },
            {
              ...ref,
              topHash: one,
              modified: '2023-11-14T22:14:20.000Z',
              message: 'number 1',
              totalEntries: 1,
              totalBytes: 5,
            },
            {
              ...ref,
              topHash: zero,
              modified: '2023-11-14T22:13:20.000Z',
              message: 'number 0',
              totalEntries: 0,
              totalBytes: 0,
            },
          ],
          total: 3,
        })
      },
    },
    {
      title: 'come in pages that any limit continues',
      async run(world) {
        const ref = fresh(world)
        const [zero, one, two] = await three(world, ref.name)
        const { packages } = world.backend
        const first = await packages.revisions(ref, { limit: 1 })
        const rest = await packages.revisions(ref, { limit: 5, cursor: first.cursor })
        expect([first.total, rest.total, rest.cursor]).toEqual([3, 3, undefined])
        expect([...first.items, ...rest.items].map(({ topHash }) => topHash)).toEqual([two, one, zero])
      },
    },
    {
      title: 'are those of time pointers: a tag is none, and neither is other stuff beside them',
      async run(world) {
        const ref = fresh(world)
        const topHash = freshHash()
        await plantRevision(world, { name: ref.name, second, topHash })
        await world.plant(`.quilt/named_packages/${ref.name}/stable`, topHash)
        await world.plant(`.quilt/named_packages/${ref.name}/notes.txt`, 'x')
        const { items, total } = await world.backend.packages.revisions(ref)
        expect([items.map((item) => item.topHash), total]).toEqual([[topHash], 1])
      },
    },
    {
      title: 'that two pointers name are listed at both times',
      async run(world) {
        const ref = fresh(world)
        const [zero, one, two] = await three(world, ref.name)
        await plantRevision(world, { name: ref.name, second: second + 600, topHash: zero })
        const { items } = await world.backend.packages.revisions(ref)
        expect(items.map(({ topHash }) => topHash)).toEqual([zero, two, one, zero])
      },
    },
    {
      title: 'tell a message that is null, empty or absent as it is',
      async run(world) {
        const ref = fresh(world)
        const headers = ['{"version": "v0"}', '{"version": "v0", "message": ""}', '{"version": "v0", "message": null}']
        for (const [index, header] of headers.entries())
          await plantRevision(world, { name: ref.name, second: second + index, topHash: freshHash(), lines: [header] })
        const { items } = await world.backend.packages.revisions(ref)
        expect(items.map(({ message }) => message)).toEqual([null, '', null])
      },
    },
    {
      title: 'of pushes in one second are all there',
      async run(world) {
        const ref = fresh(world)
        const entries = await files(world, { a: 'a' })
        const made: string[] = []
        for (const message of ['one', 'two', 'three', 'four'])
          made.push((await world.backend.packages.push({ ...ref, entries, message })).revision.topHash)
        const { items } = await world.backend.packages.revisions(ref)
        expect(items.map(({ topHash }) => topHash)).toEqual(made.toReversed())
        expect(items.map(({ message }) => message)).toEqual(['four', 'three', 'two', 'one'])
      },
    },
    {
      title: 'of a package that is not there are not found, and the bucket is',
      async run(world) {
        const ref = { bucket: world.bucket, name: 'no/such-package' }
        expect(await told(world, world.backend.packages.revisions(ref))).toEqual({
          code: 'not_found',
          message: 'There is no package no/such-package in BUCKET',
          hint: 'Look at the names with package_list.',
          details: { missing: 'package', bucket: 'BUCKET', name: 'no/such-package' },
          nextTools: ['package_list'],
        })
      },
    },
    ...casesOf('have no page of this size', [0, 1_001, 2.5], async (world, limit) => {
      const revision = await aPackage(world, {})
      expect(await codesOf([world.backend.packages.revisions(revision, { limit })])).toEqual(['invalid_input'])
    }),
    ...casesOf(
      'have no package of this name',
      ['a', 'a/b/c', 'a.b/c', 'a b/c', '/a', 'a/b\n', ''],
      async (world, name) => {
        const { packages } = world.backend
        const ref = { bucket: world.bucket, name }
        expect(await codesOf([packages.revisions(ref), packages.resolve(ref), packages.remove(ref)])).toEqual([
          'invalid_input',
          'invalid_input',
          'invalid_input',
        ])
      },
    ),
    {
      title: 'are seen by who may only read',
      async run(world) {
        const revision = await aPackage(world, { 'a.txt': 'a' }, { message: 'shown' })
        if (world.reader === undefined) throw new Error('this world knows no rights')
        const { items } = await world.reader.packages.revisions(revision)
        expect(seen(world, items[0])).toMatchObject({ topHash: revision.topHash, message: 'shown', totalEntries: 1 })
      },
    },
  ],
}
