import { expect } from 'vitest'
import { refusalOf } from '../collect.js'
import { type ContractSubject, casesOf } from './contract-case.js'
import { type ContractWorld, seen } from './contract-world.js'
import { aPackage, fresh, freshHash, line, plantRevision } from './made.js'
import { codesOf, told } from './told.js'

const second = 1_700_000_000

async function planted(world: ContractWorld, topHash: string, at = second) {
  const ref = fresh(world)
  const lines = ['{"version": "v0", "message": "planted"}', line(world, 'a.txt')]
  await plantRevision(world, { name: ref.name, second: at, topHash, lines })
  const modified = new Date(at * 1_000).toISOString()
  return { ref, revision: { ...ref, topHash, modified, message: 'planted', totalEntries: 1, totalBytes: 5 } }
}

export const resolveCases: ContractSubject = {
  subject: 'a revision',
  cases: [
    ...casesOf('is found by its hash in any length and case', [64, 63, 12, 6], async (world, length) => {
      const { ref, revision } = await planted(world, freshHash('fa'))
      const { packages } = world.backend
      const text = revision.topHash.slice(0, length)
      expect(await packages.resolve(ref, text)).toEqual(revision)
      expect(await packages.resolve(ref, text.toUpperCase())).toEqual(revision)
    }),
    {
      title: 'is found as latest, which is what is meant when nothing is named',
      async run(world) {
        const { ref, revision } = await planted(world, freshHash())
        expect(await world.backend.packages.resolve(ref)).toEqual(revision)
        expect(await world.backend.packages.resolve(ref, 'latest')).toEqual(revision)
      },
    },
    {
      title: 'may be latest without being the newest',
      async run(world) {
        const { ref, revision } = await planted(world, freshHash())
        await plantRevision(world, { name: ref.name, second: second + 60, topHash: freshHash(), latest: false })
        expect(await world.backend.packages.resolve(ref)).toEqual(revision)
      },
    },
    {
      title: 'that was pushed twice is as old as its last push',
      async run(world) {
        const { ref, revision } = await planted(world, freshHash())
        const { name, topHash } = revision
        const lines = ['{"version": "v0", "message": "planted"}', line(world, 'a.txt')]
        await plantRevision(world, { name, second: second + 60, topHash, lines })
        expect((await world.backend.packages.resolve(ref)).modified).toBe('2023-11-14T22:14:20.000Z')
      },
    },
    {
      title: 'is found when its pointer ends with a line end',
      async run(world) {
        const { ref, revision } = await planted(world, freshHash())
        for (const pointer of ['latest', String(second)])
          await world.plant(`.quilt/named_packages/${ref.name}/${pointer}`, `${revision.topHash}\n`)
        expect((await world.backend.packages.resolve(ref)).topHash).toBe(revision.topHash)
        expect((await world.backend.packages.resolve(ref, revision.topHash)).topHash).toBe(revision.topHash)
      },
    },
    {
      title: 'is ambiguous by a prefix that two revisions have, and both are named',
      async run(world) {
        const { ref, revision } = await planted(world, freshHash('abcdef'))
        const other = freshHash('abcdef')
        await plantRevision(world, { name: ref.name, second: second + 60, topHash: other })
        const error = await told(world, world.backend.packages.resolve(ref, 'ABCDEF'))
        const both = [other, revision.topHash]
        expect(error).toEqual({
          code: 'invalid_input',
          message: `abcdef fits 2 revisions of ${ref.name}: ${both.join(', ')}`,
          hint: 'Give more characters of the top hash.',
          details: { candidates: both },
          nextTools: undefined,
        })
      },
    },
    {
      title: 'is not ambiguous when another package has one of the same prefix',
      async run(world) {
        const { ref, revision } = await planted(world, freshHash('abc123'))
        await planted(world, freshHash('abc123'))
        expect(await world.backend.packages.resolve(ref, 'abc123')).toEqual(revision)
      },
    },
    ...casesOf('of another package is not found', [64, 10], async (world, length) => {
      const { ref } = await planted(world, freshHash())
      const { revision } = await planted(world, freshHash())
      const text = revision.topHash.slice(0, length)
      expect(await told(world, world.backend.packages.resolve(ref, text))).toEqual({
        code: 'not_found',
        message: `${ref.name} in BUCKET has no revision ${text}`,
        hint: 'See its revisions with package_revisions.',
        details: { missing: 'revision', bucket: 'BUCKET', name: ref.name, revision: text },
        nextTools: ['package_revisions'],
      })
    }),
    ...casesOf(
      'cannot be what this text says',
      [
        ['0'.repeat(64), 'not_found'],
        ['abcdef0', 'not_found'],
        ['yesterday', 'not_found'],
        ['a'.repeat(65), 'not_found'],
        ['abc', 'invalid_input'],
        ['../latest', 'invalid_input'],
        ['lat est', 'invalid_input'],
        ['', 'invalid_input'],
      ] as const,
      async (world, [text, code]) => {
        const { ref } = await planted(world, freshHash())
        expect(await codesOf([world.backend.packages.resolve(ref, text)])).toEqual([code])
      },
    ),
    ...casesOf(
      'of a package that is not there is not found',
      ['latest', '0'.repeat(64), 'abcdef0'],
      async (world, text) => {
        const ref = { bucket: world.bucket, name: 'no/such-package' }
        const { message, details } = await refusalOf(world.backend.packages.resolve(ref, text))
        expect(seen(world, { message, details })).toEqual({
          message: 'There is no package no/such-package in BUCKET',
          details: { missing: 'package', bucket: 'BUCKET', name: 'no/such-package' },
        })
      },
    ),
    {
      title: 'whose manifest is not there cannot be opened, and its package can still be listed',
      async run(world) {
        const ref = fresh(world)
        const topHash = freshHash()
        await plantRevision(world, { name: ref.name, second, topHash })
        await world.unplant(`.quilt/packages/${topHash}`)
        const { packages } = world.backend
        await refusalOf(packages.open({ ...ref, topHash }))
        const page = await packages.list(world.bucket, { filter: ref.name })
        expect(page.items.map(({ name }) => name)).toEqual([ref.name])
      },
    },
    {
      title: 'is opened with its totals and header, whatever the caller knew of it',
      async run(world) {
        const { bucket, name, topHash } = await aPackage(world, { a: 'hello', b: '' }, { message: 'two' })
        const reader = await world.backend.packages.open({ bucket, name, topHash })
        expect(reader.revision).toMatchObject({ bucket, name, topHash, totalEntries: 2, totalBytes: 5 })
        expect(seen(world, reader.header)).toBe('{"version":"v0","message":"two"}')
      },
    },
    {
      title: 'that is unknown cannot be opened',
      async run(world) {
        const { bucket, name } = await aPackage(world, {})
        const topHash = '1'.repeat(64)
        expect(await told(world, world.backend.packages.open({ bucket, name, topHash }))).toMatchObject({
          code: 'not_found',
          details: { missing: 'revision', bucket: 'BUCKET', name, revision: topHash },
        })
      },
    },
  ],
}
