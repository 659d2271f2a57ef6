import { expect } from 'vitest'
import type { PromotePlan, PushResult, Revision } from '../../packages/port.js'
import { refusalOf } from '../collect.js'
import type { ContractSubject } from './contract-case.js'
import { type ContractWorld, seen } from './contract-world.js'
import { allEntries, aPackage, jsonOf, opened } from './made.js'

const key = '.quilt/workflows/config.yml'
const config = (successors: string) =>
  `version: "1"\nis_workflow_required: false\nworkflows: {w: {name: W}}\n${successors}`

/** The other bucket is a successor; `more` is what else the config says of it. */
const successor = ({ other }: ContractWorld, more = '') =>
  config(`successors: {"${other.root}": {title: Released${more}}}\n`)

/** A package of two files. Its message is like no other: a bucket that has its manifest already keeps the places in that. */
const source = (world: ContractWorld): Promise<Revision> =>
  aPackage(
    world,
    { 'a.txt': 'hello', 'deep/b.txt': 'b' },
    { message: `measured ${crypto.randomUUID()}`, userMeta: jsonOf('{"n":1}') },
  )

const target = ({ other }: ContractWorld) => ({ bucket: other.bucket, name: `released/${crypto.randomUUID()}` })

async function promote(world: ContractWorld, revision: Revision, plan: PromotePlan): Promise<PushResult> {
  const { packages } = world.backend
  if (packages.promote === undefined) throw new Error('it cannot promote')
  return packages.promote(revision, plan)
}

/** Runs in a bucket that has this workflow config. */
async function configured(world: ContractWorld, text: string, run: () => Promise<void>): Promise<void> {
  await world.plant(key, text)
  try {
    await run()
  } finally {
    await world.unplant(key)
  }
}

/** Where the entries of a revision lie, without versions. */
const placesOf = async (world: ContractWorld, revision: Revision) =>
  (await allEntries(await opened(world, revision))).map(({ physicalKey }) =>
    `${seen(world, physicalKey)}`.replace(world.other.root, 'other:'),
  )

export const promoteCases: ContractSubject = {
  subject: 'a promotion',
  cases: [
    {
      title: 'into a successor copies the objects, and takes over hashes, message and metadata',
      async run(world) {
        const revision = await source(world)
        await configured(world, successor(world), async () => {
          const to = target(world)
          const { revision: made } = await promote(world, revision, to)
          expect(made).toMatchObject({ ...to, topHash: revision.topHash, message: revision.message, totalEntries: 2 })
          expect(await placesOf(world, made)).toEqual([`other:/${to.name}/a.txt`, `other:/${to.name}/deep/b.txt`])
        })
      },
    },
    {
      title: 'into a successor that takes no data names the objects where they are',
      async run(world) {
        const revision = await source(world)
        await configured(world, successor(world, ', copy_data: false'), async () => {
          const { revision: made } = await promote(world, revision, target(world))
          expect(await placesOf(world, made)).toEqual(await placesOf(world, revision))
        })
      },
    },
    {
      title: 'puts objects below a prefix, and takes another message and other metadata',
      async run(world) {
        const revision = await source(world)
        await configured(world, successor(world), async () => {
          const to = target(world)
          const change = { prefix: 'raw', message: 'released', userMeta: jsonOf('{"n":2}') }
          const { revision: made } = await promote(world, revision, { ...to, ...change })
          expect(made.message).toBe('released')
          expect((await placesOf(world, made))[0]).toBe(`other:/raw/${to.name}/a.txt`)
          expect((await opened(world, made)).header.get('user_meta')).toEqual(change.userMeta)
        })
      },
    },
    {
      title: 'is asked by the caller not to copy',
      async run(world) {
        const revision = await source(world)
        await configured(world, successor(world), async () => {
          const { revision: made } = await promote(world, revision, { ...target(world), copy: false })
          expect(await placesOf(world, made)).toEqual(await placesOf(world, revision))
        })
      },
    },
    {
      title: 'is asked by the caller to copy',
      async run(world) {
        const revision = await source(world)
        await configured(world, successor(world, ', copy_data: false'), async () => {
          const to = target(world)
          const { revision: made } = await promote(world, revision, { ...to, copy: true })
          expect((await placesOf(world, made))[0]).toBe(`other:/${to.name}/a.txt`)
        })
      },
    },
    {
      title: 'under another name of the bucket needs no successor, and copies nothing',
      async run(world) {
        const revision = await source(world)
        const to = { bucket: world.bucket, name: `released/${crypto.randomUUID()}` }
        const { revision: made } = await promote(world, revision, to)
        expect(made).toMatchObject({ ...to, topHash: revision.topHash, totalEntries: 2 })
        expect(await placesOf(world, made)).toEqual(await placesOf(world, revision))
      },
    },
    {
      title: 'is refused for a bucket that is no successor',
      async run(world) {
        const revision = await source(world)
        await configured(world, config('successors: {"s3://elsewhere": {title: Elsewhere}}\n'), async () => {
          const to = target(world)
          const { code, hint, details } = await refusalOf(promote(world, revision, to))
          expect([code, hint, details?.name]).toEqual([
            'invalid_input',
            "Choose a destination among the bucket's successors.",
            'InvalidSuccessor',
          ])
          const gone = await refusalOf(world.backend.packages.resolve(to))
          expect(gone.code).toBe('not_found')
        })
      },
    },
    {
      title: 'is a conflict when the base does not hold, and nothing is made',
      async run(world) {
        const revision = await source(world)
        await configured(world, successor(world), async () => {
          const to = target(world)
          const { revision: made } = await promote(world, revision, to)
          const plan = { ...to, message: 'another', base: null }
          const { code, details } = await refusalOf(promote(world, revision, plan))
          expect([code, details]).toEqual(['conflict', { ...to, expected: null, found: made.topHash }])
          expect((await world.backend.packages.revisions(to)).items).toHaveLength(1)
        })
      },
    },
  ],
}
