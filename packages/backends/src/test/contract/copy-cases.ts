import { expect } from 'vitest'
import type { CopyMode, PlacedEntry } from '../../packages/port.js'
import { refusalOf } from '../collect.js'
import { type ContractSubject, casesOf } from './contract-case.js'
import { type ContractWorld, seen } from './contract-world.js'
import { allEntries, everyKey, files, fresh, freshFolder, hello, opened } from './made.js'

/** One object in the bucket, `near`, and one in the other, `far`. */
async function nearAndFar(world: ContractWorld): Promise<readonly PlacedEntry[]> {
  const key = `${freshFolder()}/far`
  await world.backend.objects.put({ bucket: world.other.bucket, key }, Buffer.from('hello'))
  return [
    { logicalKey: 'far', physicalKey: `s3://${world.other.bucket}/${key}` },
    ...(await files(world, { near: 'near' })),
  ]
}

const volume = (objects: number, bytes: number) => ({ objects, bytes })
const modes = [
  ['none', volume(0, 0), []],
  ['new', volume(1, 5), ['far']],
  ['all', volume(2, 9), ['far', 'near']],
] as const

const placesOf = async (world: ContractWorld, entries: readonly PlacedEntry[], copy: CopyMode) => {
  const ref = fresh(world)
  const { revision } = await world.backend.packages.push({ ...ref, entries, message: crypto.randomUUID(), copy })
  const made = await allEntries(await opened(world, revision))
  const own = made.filter(({ physicalKey }) => `${seen(world, physicalKey)}`.startsWith(`registry:/${ref.name}/`))
  return { ref, made, own: own.map(({ logicalKey }) => logicalKey) }
}

export const copyCases: ContractSubject = {
  subject: 'a push that copies',
  cases: [
    ...casesOf('takes objects into the bucket', modes, async (world, [copy, copies, copied]) => {
      const entries = await nearAndFar(world)
      const before = await everyKey(world)
      const check = await world.backend.packages.check({ ...fresh(world), entries, message: null, copy })
      expect([check.copies, check.uploads, await everyKey(world)]).toEqual([copies, volume(0, 0), before])
      const { own, made } = await placesOf(world, entries, copy)
      expect(own).toEqual(copied)
      expect(made[0]).toMatchObject(hello)
    }),
    {
      title: 'keeps hash and metadata of an entry as they were',
      async run(world) {
        const [far] = await nearAndFar(world)
        if (far === undefined) throw new Error('no file was made')
        const hash = { type: 'SHA256', value: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' }
        const { made } = await placesOf(world, [{ ...far, hash, size: 5 }], 'new')
        expect(made[0]).toMatchObject({ hash, size: 5 })
      },
    },
    {
      title: 'copies nothing that lies there already',
      async run(world) {
        const { ref, made } = await placesOf(world, await nearAndFar(world), 'all')
        const plan = { ...ref, entries: made, message: crypto.randomUUID(), copy: 'all' } as const
        expect((await world.backend.packages.check(plan)).copies).toEqual(volume(0, 0))
        const { revision } = await world.backend.packages.push(plan)
        expect(await allEntries(await opened(world, revision))).toEqual(made)
      },
    },
    {
      title: 'uses what an earlier push left there, when it is the same',
      async run(world) {
        const entries = await nearAndFar(world)
        const first = await placesOf(world, entries, 'all')
        const { revision } = await world.backend.packages.push({
          ...first.ref,
          entries,
          message: crypto.randomUUID(),
          copy: 'all',
        })
        expect(await allEntries(await opened(world, revision))).toEqual(first.made)
      },
    },
    {
      title: 'copies nothing when an object is not there',
      async run(world) {
        const entries = [
          ...(await nearAndFar(world)),
          { logicalKey: 'x', physicalKey: `s3://${world.bucket}/does/not-exist` },
        ]
        const before = await everyKey(world)
        const push = world.backend.packages.push({ ...fresh(world), entries, message: null, copy: 'all' })
        expect((await refusalOf(push)).details).toMatchObject({ count: 1, problems: [{ path: 'x' }] })
        expect(await everyKey(world)).toEqual(before)
      },
    },
  ],
}
