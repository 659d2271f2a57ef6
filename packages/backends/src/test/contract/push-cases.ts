import { expect } from 'vitest'
import { type ContractSubject, casesOf } from './contract-case.js'
import { type ContractWorld, seen } from './contract-world.js'
import { allEntries, aPackage, empty, files, fresh, freshFolder, jsonOf, opened } from './made.js'
import { told } from './told.js'

/** The one entry of V2 in formats.md 3.7. */
async function helloFile(world: ContractWorld, logicalKey = 'a.txt') {
  const [file] = await files(world, { [logicalKey]: 'hello' })
  if (file === undefined) throw new Error('no file was made')
  return file
}

export const pushCases: ContractSubject = {
  subject: 'a push',
  cases: [
    {
      title: 'makes the revision that quilt3 would make, and tells it',
      async run(world) {
        const ref = fresh(world)
        const { revision } = await world.backend.packages.push({
          ...ref,
          entries: [await helloFile(world)],
          message: 'first',
        })
        const { modified, ...known } = revision
        expect(known).toEqual({
          ...ref,
          topHash: '5d4509b4cd23c586510be1f858f2c1a4e13f86159b79b4c83970bac5c7f65134',
          message: 'first',
          totalEntries: 1,
          totalBytes: 5,
        })
        expect(Math.abs(Date.parse(modified ?? '') - Date.now())).toBeLessThan(60_000)
        expect(await world.backend.packages.resolve(ref)).toEqual(revision)
      },
    },
    ...casesOf(
      'of no entries has the top hash of quilt3',
      [
        ['no message', null, undefined, '2a5a67156ca9238c14d12042db51c5b52260fdd5511b61ea89b58929d6e1769b'],
        [
          'metadata {} and the message ""',
          '',
          '{}',
          '0929824c58e90a6d2cc3ad2c7bdc66e34f43e8ed7063a6b48595a3834dd3ec99',
        ],
      ] as const,
      async (world, [, message, userMeta, topHash]) => {
        const plan = {
          ...fresh(world),
          entries: [],
          message,
          ...(userMeta === undefined ? {} : { userMeta: jsonOf(userMeta) }),
        }
        expect((await world.backend.packages.push(plan)).revision.topHash).toBe(topHash)
      },
    ),
    {
      title: 'with metadata null is not one without metadata',
      async run(world) {
        const plan = { ...fresh(world), entries: [], message: null, userMeta: null }
        expect((await world.backend.packages.push(plan)).revision.topHash).toBe(
          'fb53faf10edc3c9cc234f362c1a57d702213e869a20b887d9f6ed5439c936513',
        )
      },
    },
    {
      title: 'orders its entries as a tree, in whatever order they come',
      async run(world) {
        const physicalKey = await emptyObject(world)
        const entries = ['data.csv', 'data/x', 'data-1/y', 'Z'].map((logicalKey) => ({
          logicalKey,
          physicalKey,
          ...empty,
        }))
        const { revision } = await world.backend.packages.push({ ...fresh(world), entries, message: 'order' })
        expect(revision.topHash).toBe('1189c195c82cd2d9f68de702629f839b972ebf1050c6c019d80c3932f26cbd06')
      },
    },
    {
      title: 'takes hash and size from the caller as they are, when the version is named too',
      async run(world) {
        const { bucket } = world
        const key = `${freshFolder()}/a.txt`
        const { versionId } = await world.backend.objects.put({ bucket, key }, Buffer.from('hello'))
        const physicalKey = `s3://${bucket}/${key}${versionId === undefined ? '' : `?versionId=${versionId}`}`
        const hash = { type: 'SHA256', value: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' }
        const entries = [{ logicalKey: 'a.txt', physicalKey, size: 5, hash }]
        const { revision } = await world.backend.packages.push({ ...fresh(world), entries, message: null })
        expect(await (await opened(world, revision)).entry('a.txt')).toMatchObject({ hash, size: 5 })
      },
    },
    {
      title: 'pins the version of every object',
      async run(world) {
        const revision = await aPackage(world, { 'a.txt': 'a' })
        expect((await (await opened(world, revision)).entry('a.txt')).physicalKey).toMatch(/\?versionId=.+/)
      },
    },
    ...casesOf(
      'fills in size and hash of objects of so many bytes',
      [0, 1, 8_388_607, 8_388_608, 9_000_000],
      async (world, size) => {
        const { bucket } = world
        const key = `${freshFolder()}/sized`
        await world.backend.objects.put({ bucket, key }, Buffer.alloc(size, 'quilt'))
        const entries = [{ logicalKey: 'sized', physicalKey: `s3://${bucket}/${key}` }]
        const { revision } = await world.backend.packages.push({ ...fresh(world), entries, message: null })
        const entry = await (await opened(world, revision)).entry('sized')
        expect([entry.size, entry.hash]).toEqual([size, { type: 'sha2-256-chunked', value: chunked[size] }])
      },
    ),
    {
      title: 'holds when the base is what the caller read',
      async run(world) {
        const first = await aPackage(world, { a: 'a' }, { message: 'first', base: null })
        const entries = await files(world, { b: 'b' })
        const { revision } = await world.backend.packages.push({
          ...first,
          entries,
          message: 'second',
          base: first.topHash,
        })
        expect((await world.backend.packages.resolve(first)).topHash).toBe(revision.topHash)
        expect((await allEntries(await opened(world, first))).map(({ logicalKey }) => logicalKey)).toEqual(['b'])
      },
    },
    {
      title: 'is a conflict when the package exists and must not, and nothing changes',
      async run(world) {
        const first = await aPackage(world, { a: 'a' }, { message: 'first' })
        const { bucket, name, topHash } = first
        const push = world.backend.packages.push({
          bucket,
          name,
          entries: await files(world, { b: 'b' }),
          message: 'x',
          base: null,
        })
        expect(await told(world, push)).toEqual({
          code: 'conflict',
          message: `${name} in BUCKET: expected that there is no such package, but latest is ${topHash}; nothing was written`,
          hint: 'Change the existing package with package_update, or choose another name.',
          details: { bucket: 'BUCKET', name, expected: null, found: topHash },
          nextTools: ['package_update', 'package_browse'],
        })
        expect((await world.backend.packages.revisions(first)).total).toBe(1)
      },
    },
    {
      title: 'is a conflict when latest is another than the caller read, and nothing changes',
      async run(world) {
        const { bucket, name, topHash } = await aPackage(world, { a: 'a' }, { message: 'first' })
        const base = '1'.repeat(64)
        const push = world.backend.packages.push({
          bucket,
          name,
          entries: await files(world, { b: 'b' }),
          message: 'x',
          base,
        })
        expect(await told(world, push)).toEqual({
          code: 'conflict',
          message: `${name} in BUCKET: expected latest to be ${base}, but latest is ${topHash}; nothing was written`,
          hint: 'Read the current revision, then make the change again.',
          details: { bucket: 'BUCKET', name, expected: base, found: topHash },
          nextTools: ['package_browse', 'package_diff'],
        })
        expect((await world.backend.packages.resolve({ bucket, name })).topHash).toBe(topHash)
      },
    },
    {
      title: 'is a conflict when the package that was read has gone',
      async run(world) {
        const ref = fresh(world)
        const push = world.backend.packages.push({ ...ref, entries: [], message: null, base: '1'.repeat(64) })
        expect(await told(world, push)).toMatchObject({
          code: 'conflict',
          details: { bucket: 'BUCKET', name: ref.name, expected: '1'.repeat(64), found: null },
        })
      },
    },
    {
      title: 'without a base replaces what is latest, and keeps it as a revision',
      async run(world) {
        const first = await aPackage(world, { a: 'a' }, { message: 'first' })
        const second = await aPackage(world, { b: 'b' }, { name: first.name, message: 'second' })
        const { items } = await world.backend.packages.revisions(first)
        expect(items.map(({ topHash }) => topHash)).toEqual([second.topHash, first.topHash])
      },
    },
    {
      title: 'of the same content again gives the same revision',
      async run(world) {
        const ref = fresh(world)
        const entries = await files(world, { a: 'a' })
        const first = await world.backend.packages.push({ ...ref, entries, message: 'same' })
        const again = await world.backend.packages.push({
          ...ref,
          entries,
          message: 'same',
          base: first.revision.topHash,
        })
        expect(again.revision.topHash).toBe(first.revision.topHash)
        expect((await world.backend.packages.resolve(ref)).topHash).toBe(first.revision.topHash)
      },
    },
    {
      title: 'of the same content again writes nothing',
      async run(world) {
        const ref = fresh(world)
        const entries = await files(world, { a: 'a' })
        await world.backend.packages.push({ ...ref, entries, message: 'same' })
        await world.backend.packages.push({ ...ref, entries, message: 'same' })
        expect((await world.backend.packages.revisions(ref)).total).toBe(1)
      },
    },
    {
      title: 'of an older content makes that latest again',
      async run(world) {
        const ref = fresh(world)
        const [a, b] = [await files(world, { a: 'a' }), await files(world, { b: 'b' })]
        const first = await world.backend.packages.push({ ...ref, entries: a, message: null })
        await world.backend.packages.push({ ...ref, entries: b, message: null })
        await world.backend.packages.push({ ...ref, entries: a, message: null })
        expect((await world.backend.packages.resolve(ref)).topHash).toBe(first.revision.topHash)
      },
    },
    {
      title: 'may go to two packages with the same content',
      async run(world) {
        const entries = await files(world, { a: 'a' })
        const [one, two] = [fresh(world), fresh(world)]
        const first = await world.backend.packages.push({ ...one, entries, message: null })
        const second = await world.backend.packages.push({ ...two, entries, message: null })
        expect(second.revision.topHash).toBe(first.revision.topHash)
        await world.backend.packages.remove(one)
        expect(await allEntries(await opened(world, two))).toHaveLength(1)
      },
    },
    {
      title: 'at once with others either makes a revision or is a conflict, and latest is one of those made',
      async run(world) {
        const ref = fresh(world)
        const entries = await files(world, { a: 'a' })
        const pushes = ['1', '2', '3', '4', '5', '6'].map((message) =>
          world.backend.packages.push({ ...ref, entries, message }),
        )
        const outcomes = await Promise.allSettled(pushes)
        const made = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.revision.topHash] : []))
        for (const one of outcomes)
          if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' })
        const { items } = await world.backend.packages.revisions(ref)
        expect(items.map(({ topHash }) => topHash).sort()).toEqual(made.toSorted())
        expect(made).toContain((await world.backend.packages.resolve(ref)).topHash)
      },
    },
    {
      title: 'of two from the same base at once is a conflict for one',
      async run(world) {
        const first = await aPackage(world, { a: 'a' })
        const entries = await files(world, { b: 'b' })
        const pushes = ['x', 'y'].map((message) =>
          world.backend.packages.push({ ...first, entries, message, base: first.topHash }),
        )
        const outcomes = await Promise.allSettled(pushes)
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
        expect((await world.backend.packages.revisions(first)).total).toBe(2)
      },
    },
    {
      title: 'tells nothing but the revision when all is well',
      async run(world) {
        const result = await world.backend.packages.push({
          ...fresh(world),
          entries: [await helloFile(world)],
          message: crypto.randomUUID(),
        })
        expect(Object.keys(seen(world, result) ?? {})).toEqual(['revision'])
      },
    },
  ],
}

/** Values of `sha2-256-chunked` for so many bytes of `quiltquilt...` (formats.md 4.2, computed by hashlib). */
const chunked: Readonly<Record<number, string>> = {
  0: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  1: '53zN5p8954LLvOCCHvBthkMDZIvQdAUk9GA9fVSspBA=',
  8388607: 'BekXQFTfvkIaJ6wMP+DtnIqTk7qRxlwmEPwRtSJ6XW0=',
  8388608: 'uLR3foEAM0/w4DQ7qQPvAh5xZ0tNdyB+6oynmS5dMBE=',
  9000000: '9FzlCjuILjZoL/piddtHtbhjfFI6Y7z3lJ8JgNosXT0=',
}

async function emptyObject({ backend, bucket }: ContractWorld): Promise<string> {
  const key = `${freshFolder()}/empty`
  await backend.objects.put({ bucket, key }, Buffer.of())
  return `s3://${bucket}/${key}`
}
