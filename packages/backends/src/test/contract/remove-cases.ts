import { expect } from 'vitest'
import { type ContractSubject, casesOf } from './contract-case.js'
import type { ContractWorld } from './contract-world.js'
import { aPackage, fresh, freshHash, plantRevision } from './made.js'
import { codesOf, told } from './told.js'

/** Three revisions, a minute apart, the newest latest. @returns their top hashes, oldest first */
async function three(world: ContractWorld, name: string): Promise<readonly [string, string, string]> {
  const hashes = [freshHash(), freshHash(), freshHash()] as const
  for (const [index, topHash] of hashes.entries())
    await plantRevision(world, { name, second: 1_700_000_000 + 60 * index, topHash })
  return hashes
}

export const removeCases: ContractSubject = {
  subject: 'removing',
  cases: [
    {
      title: 'the latest revision makes the one before it latest',
      async run(world) {
        const ref = fresh(world)
        const [zero, one, two] = await three(world, ref.name)
        const { packages } = world.backend
        expect(await packages.remove(ref, { topHash: two })).toEqual({ removed: [two], latest: one })
        expect((await packages.resolve(ref)).topHash).toBe(one)
        expect((await packages.revisions(ref)).items.map(({ topHash }) => topHash)).toEqual([one, zero])
      },
    },
    {
      title: 'an older revision leaves latest where it is',
      async run(world) {
        const ref = fresh(world)
        const [zero, one, two] = await three(world, ref.name)
        const { packages } = world.backend
        expect(await packages.remove(ref, { topHash: zero })).toEqual({ removed: [zero], latest: two })
        expect((await packages.revisions(ref)).items.map(({ topHash }) => topHash)).toEqual([two, one])
      },
    },
    {
      title: 'takes the beginning of a hash',
      async run(world) {
        const ref = fresh(world)
        const [, one, two] = await three(world, ref.name)
        expect(await world.backend.packages.remove(ref, { topHash: two.slice(0, 12).toUpperCase() })).toEqual({
          removed: [two],
          latest: one,
        })
      },
    },
    {
      title: 'a revision that two pointers name removes both',
      async run(world) {
        const ref = fresh(world)
        const [zero, one, two] = await three(world, ref.name)
        await plantRevision(world, { name: ref.name, second: 1_700_000_600, topHash: zero })
        expect(await world.backend.packages.remove(ref, { topHash: zero })).toEqual({ removed: [zero], latest: two })
        const { items } = await world.backend.packages.revisions(ref)
        expect(items.map(({ topHash }) => topHash)).toEqual([two, one])
      },
    },
    {
      title: 'the only revision removes the package',
      async run(world) {
        const { bucket, name, topHash } = await aPackage(world, { a: 'a' })
        expect(await world.backend.packages.remove({ bucket, name }, { topHash })).toEqual({ removed: [topHash] })
        expect(await codesOf([world.backend.packages.resolve({ bucket, name })])).toEqual(['not_found'])
        expect(await world.backend.packages.list(bucket, { filter: name })).toEqual({ items: [], total: 0 })
      },
    },
    {
      title: 'a package removes all its revisions, oldest first',
      async run(world) {
        const ref = fresh(world)
        const hashes = await three(world, ref.name)
        const progress: number[] = []
        const { packages } = world.backend
        const removed = await packages.remove(ref, { onProgress: ({ done }) => progress.push(done) })
        expect(removed).toEqual({ removed: hashes })
        expect(progress).toEqual([1, 2, 3])
        expect(await codesOf([packages.revisions(ref), packages.resolve(ref, hashes[0])])).toEqual([
          'not_found',
          'not_found',
        ])
      },
    },
    {
      title: 'a package leaves others of its namespace',
      async run(world) {
        const namespace = `kept${freshHash().slice(0, 8)}`
        for (const name of ['a', 'b'])
          await plantRevision(world, { name: `${namespace}/${name}`, second: 1_700_000_000, topHash: freshHash() })
        await world.backend.packages.remove({ bucket: world.bucket, name: `${namespace}/a` })
        const { items } = await world.backend.packages.list(world.bucket, { filter: namespace })
        expect(items.map(({ name }) => name)).toEqual([`${namespace}/b`])
      },
    },
    {
      title: 'leaves the objects of the package',
      async run(world) {
        const { bucket, name } = await aPackage(world, { a: 'kept' })
        const key = 'kept/object.txt'
        await world.backend.objects.put({ bucket, key }, Buffer.from('kept'))
        await world.backend.packages.remove({ bucket, name })
        expect((await world.backend.objects.info({ bucket, key })).size).toBe(4)
      },
    },
    {
      title: 'and making again is possible',
      async run(world) {
        const { bucket, name } = await aPackage(world, { a: 'a' })
        await world.backend.packages.remove({ bucket, name })
        const again = await aPackage(world, { b: 'b' }, { name, base: null })
        expect((await world.backend.packages.revisions({ bucket, name })).items.map(({ topHash }) => topHash)).toEqual([
          again.topHash,
        ])
      },
    },
    {
      title: 'a package that is not there is not found',
      async run(world) {
        const ref = { bucket: world.bucket, name: 'no/such-package' }
        expect(await told(world, world.backend.packages.remove(ref))).toMatchObject({
          code: 'not_found',
          message: 'There is no package no/such-package in BUCKET',
          details: { missing: 'package' },
        })
      },
    },
    ...casesOf('a revision that is not there is not found', ['0'.repeat(64), 'abcdef0'], async (world, topHash) => {
      const { bucket, name } = await aPackage(world, { a: 'a' })
      expect(await told(world, world.backend.packages.remove({ bucket, name }, { topHash }))).toMatchObject({
        code: 'not_found',
        details: { missing: 'revision', bucket: 'BUCKET', name, revision: topHash },
      })
      expect((await world.backend.packages.revisions({ bucket, name })).total).toBe(1)
    }),
    {
      title: 'needs at least six digits of a hash',
      async run(world) {
        const { bucket, name, topHash } = await aPackage(world, { a: 'a' })
        expect(
          await codesOf([world.backend.packages.remove({ bucket, name }, { topHash: topHash.slice(0, 5) })]),
        ).toEqual(['invalid_input'])
      },
    },
  ],
}
