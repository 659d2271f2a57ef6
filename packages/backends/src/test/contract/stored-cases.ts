import { expect } from 'vitest'
import { type ContractSubject, casesOf } from './contract-case.js'
import { type ContractWorld, seen } from './contract-world.js'
import { aPackage, files, fresh, freshHash, jsonOf, plantRevision } from './made.js'

const pointersOf = (world: ContractWorld, name: string) => world.names(`.quilt/named_packages/${name}/`)

export const storedCases: ContractSubject = {
  subject: 'what is stored',
  cases: [
    {
      title: 'is a manifest as quilt3 writes it, byte for byte',
      async run(world) {
        const [a, b] = await files(world, { 'data/a b.txt': 'hello', 'data-1/ключ': '' })
        if (a === undefined || b === undefined) throw new Error('no files were made')
        const meta = jsonOf('{"user_meta":{"z":1.0,"ä":"ß"}}')
        const plan = {
          ...fresh(world),
          entries: [b, { ...a, meta }],
          message: 'héllo',
          userMeta: jsonOf('{"b":1,"a":[1.5,null]}'),
        }
        const { revision } = await world.backend.packages.push(plan)
        const place = (key: string | undefined) => key?.replace(`s3://${world.bucket}`, 'registry:')
        expect(seen(world, await world.stored(`.quilt/packages/${revision.topHash}`))).toBe(
          '{"version": "v0", "user_meta": {"b": 1, "a": [1.5, null]}, "message": "héllo"}\n' +
            `{"logical_key": "data/a b.txt", "physical_keys": ["${place(a.physicalKey)}"], "size": 5, "hash": {"type": "sha2-256-chunked", "value": "lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA="}, "meta": {"user_meta": {"z": 1.0, "ä": "ß"}}}\n` +
            `{"logical_key": "data-1/ключ", "physical_keys": ["${place(b.physicalKey)}"], "size": 0, "hash": {"type": "sha2-256-chunked", "value": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}, "meta": {}}\n`,
        )
      },
    },
    {
      title: 'is a pointer of ten digits and latest, 64 characters each and no line end',
      async run(world) {
        const before = Math.floor(Date.now() / 1_000)
        const { name, topHash } = await aPackage(world, { a: 'a' })
        const [second = '', latest, ...more] = await pointersOf(world, name)
        expect([second, latest, more]).toEqual([expect.stringMatching(/^\d{10}$/), 'latest', []])
        expect(Number(second)).toBeGreaterThanOrEqual(before)
        expect(Number(second)).toBeLessThanOrEqual(Date.now() / 1_000 + 5)
        for (const pointer of [second, 'latest'])
          expect(await world.stored(`.quilt/named_packages/${name}/${pointer}`)).toBe(topHash)
      },
    },
    ...casesOf(
      'tells metadata null, {} and absent apart',
      [
        ['null', null, '"user_meta": null, '],
        ['{}', jsonOf('{}'), '"user_meta": {}, '],
        ['absent', undefined, ''],
      ] as const,
      async (world, [, userMeta, text]) => {
        const plan = { ...fresh(world), entries: [], message: null, ...(userMeta === undefined ? {} : { userMeta }) }
        const { revision } = await world.backend.packages.push(plan)
        expect(await world.stored(`.quilt/packages/${revision.topHash}`)).toBe(
          `{"version": "v0", ${text}"message": null}\n`,
        )
      },
    ),
    {
      title: 'of a refused push is nothing',
      async run(world) {
        const ref = fresh(world)
        const before = await world.names('.quilt/packages/')
        const entries = [{ logicalKey: 'a', physicalKey: `s3://${world.bucket}/does/not-exist` }]
        await expect(world.backend.packages.push({ ...ref, entries, message: 'refused' })).rejects.toThrow()
        expect([await pointersOf(world, ref.name), await world.names('.quilt/packages/')]).toEqual([[], before])
      },
    },
    {
      title: 'of a push that is a conflict is nothing',
      async run(world) {
        const { bucket, name } = await aPackage(world, { a: 'a' })
        const before = [await pointersOf(world, name), await world.names('.quilt/packages/')]
        const entries = await files(world, { b: 'b' })
        await expect(
          world.backend.packages.push({ bucket, name, entries, message: 'late', base: null }),
        ).rejects.toThrow()
        expect([await pointersOf(world, name), await world.names('.quilt/packages/')]).toEqual(before)
      },
    },
    {
      title: 'stays where it is when a revision is removed: only pointers go',
      async run(world) {
        const first = await aPackage(world, { a: 'a' }, { message: 'first' })
        const second = await aPackage(world, { b: 'b' }, { name: first.name, message: 'second' })
        await world.backend.packages.remove(first)
        expect(await pointersOf(world, first.name)).toEqual([])
        for (const { topHash } of [first, second])
          expect(await world.stored(`.quilt/packages/${topHash}`)).toBeDefined()
      },
    },
    {
      title: 'by another program is never rewritten in silence: a manifest of the same top hash keeps its places',
      async run(world) {
        const ref = fresh(world)
        const entries = await files(world, { a: 'hello' })
        const { revision } = await world.backend.packages.push({ ...ref, entries, message: freshHash() })
        const key = `.quilt/packages/${revision.topHash}`
        const before = await world.stored(key)
        const elsewhere = await files(world, { a: 'hello' })
        const other = { ...fresh(world), entries: elsewhere, message: revision.message ?? null }
        const again = await world.backend.packages.push(other)
        expect(again.revision.topHash).toBe(revision.topHash)
        expect(await world.stored(key)).toBe(before)
        expect(again.notes).toContainEqual(expect.stringMatching(/at other places; it was kept as it is/))
      },
    },
    {
      title: 'as directory metadata is not lost: pushing its entries anew asks for another message',
      async run(world) {
        const ref = fresh(world)
        const entries = await files(world, { 'data/a': 'hello' })
        const { revision } = await world.backend.packages.push({ ...ref, entries, message: freshHash() })
        const key = `.quilt/packages/${revision.topHash}`
        const [header, line] = (await world.stored(key))?.split('\n') ?? []
        const withMetadata = `${header}\n{"logical_key": "data/", "meta": {"kept": true}}\n${line}\n`
        await world.plant(key, withMetadata)
        const push = world.backend.packages.push({ ...fresh(world), entries, message: revision.message ?? null })
        await expect(push).rejects.toMatchObject({ code: 'conflict', hint: expect.stringMatching(/message/) })
        expect(await world.stored(key)).toBe(withMetadata)
      },
    },
    {
      title: 'beside a package of a longer name is not touched',
      async run(world) {
        const ref = fresh(world)
        await plantRevision(world, { name: ref.name, second: 1_700_000_000, topHash: freshHash() })
        await plantRevision(world, { name: `${ref.name}-2`, second: 1_700_000_000, topHash: freshHash() })
        await world.backend.packages.remove(ref)
        expect(await pointersOf(world, `${ref.name}-2`)).toEqual(['1700000000', 'latest'])
      },
    },
  ],
}
