import { expect } from 'vitest'
import { bytesOf, refusalOf, refusalsOf } from '../collect.js'
import { type ContractSubject, casesOf } from './contract-case.js'
import { seen } from './contract-world.js'
import {
  allEntries,
  aPackage,
  files,
  fresh,
  freshFolder,
  freshHash,
  hello,
  jsonOf,
  line,
  opened,
  plantRevision,
} from './made.js'
import { codesOf } from './told.js'

const text = async (body: AsyncIterable<Uint8Array>) => (await bytesOf(body)).toString()

export const entryCases: ContractSubject = {
  subject: 'an entry',
  cases: [
    {
      title: 'is told with place, size, hash and metadata',
      async run(world) {
        const { bucket } = world
        await world.backend.objects.put({ bucket, key: 'entries/a b.txt' }, Buffer.from('hello'))
        const planned = {
          logicalKey: 'a b.txt',
          physicalKey: `s3://${bucket}/entries/a%20b.txt`,
          meta: jsonOf('{"user_meta":{"k":1.0}}'),
        }
        const { revision } = await world.backend.packages.push({ ...fresh(world), entries: [planned], message: null })
        expect(seen(world, await (await opened(world, revision)).entry('a b.txt'))).toEqual({
          logicalKey: 'a b.txt',
          physicalKey: 'registry:/entries/a%20b.txt',
          ...hello,
          meta: '{"user_meta":{"k":1.0}}',
        })
      },
    },
    {
      title: 'comes with all others in tree order',
      async run(world) {
        const revision = await aPackage(world, {
          'data.csv': '',
          'data/x': 'x',
          'data-1/y': 'y',
          Z: 'z',
          '😀': '',
          ﬀ: '',
        })
        const reader = await opened(world, revision)
        const keys = (await allEntries(reader)).map(({ logicalKey }) => logicalKey)
        expect(keys).toEqual(['Z', 'data/x', 'data-1/y', 'data.csv', 'ﬀ', '😀'])
      },
    },
    {
      title: 'is the same alone and among all',
      async run(world) {
        const reader = await opened(world, await aPackage(world, { a: 'a', 'b/c': 'bc', 'b/d': '' }))
        for (const entry of await allEntries(reader)) expect(await reader.entry(entry.logicalKey)).toEqual(entry)
      },
    },
    {
      title: 'may be the last that is wanted: the rest is not read',
      async run(world) {
        const reader = await opened(world, await aPackage(world, { a: 'a', b: 'b' }))
        let first: string | undefined
        for await (const [entry] of reader.entries()) {
          first = entry?.logicalKey
          break
        }
        expect(first).toBe('a')
        expect(await allEntries(reader)).toHaveLength(2)
      },
    },
    {
      title: 'is none in a package without files',
      async run(world) {
        expect(await allEntries(await opened(world, await aPackage(world, {})))).toEqual([])
      },
    },
    {
      title: 'that is not there is not found, and what is near is named',
      async run(world) {
        const reader = await opened(world, await aPackage(world, { 'data/x.csv': 'x' }))
        const calls = [reader.entry('data/x.cvs'), reader.read('data/x.cvs')]
        for (const { code, hint, details } of await refusalsOf(calls)) {
          expect([code, hint, details]).toEqual([
            'not_found',
            'Near it: data/x.csv.',
            { missing: 'path', path: 'data/x.cvs', near: ['data/x.csv'] },
          ])
        }
      },
    },
    ...casesOf('has no such path', ['', 'a/', '/a', 'a//b', '../a', '.'], async (world, path) => {
      const reader = await opened(world, await aPackage(world, { a: 'a' }))
      expect(await codesOf([reader.entry(path), reader.read(path)])).toEqual(['invalid_input', 'invalid_input'])
    }),
    {
      title: 'is read through its package',
      async run(world) {
        const reader = await opened(world, await aPackage(world, { 'data/a b#c?.txt': 'odd' }))
        const read = await reader.read('data/a b#c?.txt')
        expect([await text(read.body), read.size]).toEqual(['odd', 3])
      },
    },
    {
      title: 'is read in part',
      async run(world) {
        const reader = await opened(world, await aPackage(world, { 'a.txt': 'hello' }))
        const read = await reader.read('a.txt', { range: { first: 1, last: 3 } })
        expect([await text(read.body), read.size, read.range]).toEqual(['ell', 5, { first: 1, last: 3 }])
        expect(await codesOf([reader.read('a.txt', { range: { first: 5 } })])).toEqual(['invalid_input'])
      },
    },
    {
      title: 'without bytes is read',
      async run(world) {
        const read = await (await opened(world, await aPackage(world, { empty: '' }))).read('empty')
        expect([await text(read.body), read.size]).toEqual(['', 0])
      },
    },
    {
      title: 'shows the bytes of its version after the object was overwritten',
      async run(world) {
        const { bucket } = world
        const key = `${freshFolder()}/a.txt`
        const ref = fresh(world)
        await world.backend.objects.put({ bucket, key }, Buffer.from('first'))
        const entries = [{ logicalKey: 'a.txt', physicalKey: `s3://${bucket}/${key}` }]
        await world.backend.packages.push({ ...ref, entries, message: null })
        await world.backend.objects.put({ bucket, key }, Buffer.from('overwritten'))
        expect(await text((await (await opened(world, ref)).read('a.txt')).body)).toBe('first')
      },
    },
    {
      title: 'is never read from an object that has become another',
      async run(world) {
        const { bucket } = world
        const key = `${freshFolder()}/a.txt`
        const ref = fresh(world)
        await world.backend.objects.put({ bucket, key }, Buffer.from('first'))
        const entries = [{ logicalKey: 'a.txt', physicalKey: `s3://${bucket}/${key}` }]
        await world.backend.packages.push({ ...ref, entries, message: null })
        await world.backend.objects.put({ bucket, key }, Buffer.from('overwritten'))
        const reader = await opened(world, ref)
        const outcome = await reader.read('a.txt').then(
          async ({ body }) => text(body),
          (error: unknown) => error,
        )
        if (outcome !== 'first') expect(outcome).toMatchObject({ code: 'conflict' })
      },
    },
    {
      title: 'whose object is gone is not found when it is read, and is still listed',
      async run(world) {
        const ref = fresh(world)
        const lines = ['{"version": "v0", "message": null}', line(world, 'gone.txt')]
        await plantRevision(world, { name: ref.name, second: 1_700_000_000, topHash: freshHash(), lines })
        const reader = await opened(world, ref)
        expect((await reader.entry('gone.txt')).size).toBe(5)
        expect(await codesOf([reader.read('gone.txt')])).toEqual(['not_found'])
      },
    },
    {
      title: 'in a file of another machine cannot be read, and says so',
      async run(world) {
        const ref = fresh(world)
        const lines = [
          '{"version": "v0", "message": null}',
          line(world, 'a.txt', { physical_keys: ['file:///nowhere/else/a.txt'] }),
        ]
        await plantRevision(world, { name: ref.name, second: 1_700_000_000, topHash: freshHash(), lines })
        const { code, hint } = await refusalOf((await opened(world, ref)).read('a.txt'))
        expect([code, typeof hint]).toEqual(['unsupported', 'string'])
      },
    },
    {
      title: 'is named and read by who may only read',
      async run(world) {
        const revision = await aPackage(world, { 'a.txt': 'shown' })
        if (world.reader === undefined) throw new Error('this world knows no rights')
        const reader = await world.reader.packages.open(revision)
        expect((await reader.entry('a.txt')).size).toBe(5)
        expect(await text((await reader.read('a.txt')).body)).toBe('shown')
      },
    },
    {
      title: 'may lie under the same object as another',
      async run(world) {
        const [first] = await files(world, { a: 'same' })
        if (first === undefined) throw new Error('no file was made')
        const entries = [first, { ...first, logicalKey: 'b' }]
        const { revision } = await world.backend.packages.push({ ...fresh(world), entries, message: null })
        const all = await allEntries(await opened(world, revision))
        expect(new Set(all.map(({ physicalKey }) => physicalKey)).size).toBe(1)
      },
    },
  ],
}
