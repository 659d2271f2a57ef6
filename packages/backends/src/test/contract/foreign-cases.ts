import { encodeJson } from '@quilt-mcp/core'
import { expect } from 'vitest'
import { type ContractSubject, casesOf } from './contract-case.js'
import { type ContractWorld, seen } from './contract-world.js'
import { allEntries, fresh, freshHash, hello, jsonOf, line, opened, plantRevision } from './made.js'
import { codesOf } from './told.js'

async function planted(world: ContractWorld, lines: readonly string[]) {
  const ref = fresh(world)
  const topHash = freshHash()
  await plantRevision(world, { name: ref.name, second: 1_700_000_000, topHash, lines })
  return { ...ref, topHash }
}

const header = '{"version": "v0", "message": "foreign"}'

const hashes = [
  { type: 'SHA256', value: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' },
  { type: 'sha2-256-chunked', value: hello.hash.value },
  { type: 'CRC64NVME', value: 'AAAAAAAAAAA=' },
]

const damaged = [
  ['a line that is cut', [header, '{"logical_key": "a", "physical_keys": ["s3://b/k"], "si']],
  ['a web page', ['<html>', '</html>']],
  ['the same file twice', undefined],
] as const

export const foreignCases: ContractSubject = {
  subject: 'a manifest of another program',
  cases: [
    ...casesOf('may hold hashes of this type', hashes, async (world, hash) => {
      const ref = await planted(world, [header, line(world, 'a.txt', { hash: new Map(Object.entries(hash)) })])
      expect((await (await opened(world, ref)).entry('a.txt')).hash).toEqual(hash)
    }),
    {
      title: 'may have metadata null, which is none',
      async run(world) {
        const ref = await planted(world, [header, line(world, 'a.txt', { meta: null })])
        expect((await (await opened(world, ref)).entry('a.txt')).meta.size).toBe(0)
      },
    },
    {
      title: 'may have a header of keys we do not know, which are told as they are, and an old top_hash, which is not',
      async run(world) {
        const ref = await planted(world, [
          '{"version": "v0", "top_hash": {"alg": "v0"}, "future": {"b": 1.0, "a": 2}, "message": "m"}',
        ])
        expect(encodeJson((await opened(world, ref)).header)).toBe(
          '{"version":"v0","future":{"b":1.0,"a":2},"message":"m"}',
        )
      },
    },
    {
      title: 'may have no message at all',
      async run(world) {
        const ref = await planted(world, ['{"version": "v0"}'])
        expect(encodeJson((await opened(world, ref)).header)).toBe('{"version":"v0"}')
      },
    },
    {
      title: 'may hold physical keys without a version, or with the version null',
      async run(world) {
        const keys = [`${world.root}/a.txt`, `${world.root}/b.txt?versionId=null`]
        const lines = keys.map((key, index) => line(world, `${index}`, { physical_keys: [key] }))
        const entries = await allEntries(await opened(world, await planted(world, [header, ...lines])))
        expect(entries.map(({ physicalKey }) => physicalKey)).toEqual(keys)
      },
    },
    {
      title: 'may hold entries of other buckets, which are listed as they are',
      async run(world) {
        const place = 's3://elsewhere/some/key.txt?versionId=v1'
        const ref = await planted(world, [header, line(world, 'a.txt', { physical_keys: [place] })])
        expect((await (await opened(world, ref)).dir('')).items).toMatchObject([{ physicalKey: place }])
      },
    },
    {
      title: 'is read in tree order, whatever its own is',
      async run(world) {
        const ref = await planted(world, [header, ...['b', 'a/z', 'a/b', 'a-1'].map((key) => line(world, key))])
        const entries = await allEntries(await opened(world, ref))
        expect(entries.map(({ logicalKey }) => logicalKey)).toEqual(['a/b', 'a/z', 'a-1', 'b'])
      },
    },
    ...casesOf('that is damaged is an error, never a shorter package', damaged, async (world, [, lines]) => {
      const ref = await planted(world, lines ?? [header, line(world, 'a'), line(world, 'a')])
      const { packages } = world.backend
      const read = async () => allEntries(await packages.open(await packages.resolve(ref)))
      const [code] = await codesOf([read()])
      expect(['upstream', 'partial']).toContain(code)
    }),
    {
      title: 'is the base of an update that keeps its entries verbatim',
      async run(world) {
        const meta = jsonOf('{"target":"txt","user_meta":{"x":1.0,"big":12345678901234567890}}')
        const lines = [
          header,
          line(world, 'a.txt', { meta }),
          line(world, 'b.txt', { hash: new Map(Object.entries(hashes[0] ?? {})) }),
        ]
        const versioned = lines.map((text) => text.replaceAll('.txt"]', '.txt?versionId=null"]'))
        const ref = await planted(world, world.root.startsWith('s3:') ? versioned : lines)
        const before = await allEntries(await opened(world, ref))
        const push = { bucket: ref.bucket, name: ref.name, entries: before, message: 'next', base: ref.topHash }
        const { revision } = await world.backend.packages.push(push)
        expect(seen(world, await allEntries(await opened(world, revision)))).toEqual(seen(world, before))
      },
    },
    {
      title: 'may lie under a pointer that holds no top hash: that revision is left out',
      async run(world) {
        const ref = await planted(world, [header])
        await world.plant(`.quilt/named_packages/${ref.name}/1700000100`, 'not a hash')
        const { items } = await world.backend.packages.revisions(ref)
        expect(items.map(({ topHash }) => topHash)).toEqual([ref.topHash])
      },
    },
  ],
}
