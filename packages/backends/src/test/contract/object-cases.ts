import { chunkedSha256, QuiltError } from '@quilt-mcp/core'
import { expect } from 'vitest'
import type { Progress } from '../../call-options.js'
import type { ContentSource, ObjectListItem } from '../../objects/port.js'
import { bytesOf, refusalOf } from '../collect.js'
import { type ContractSubject, casesOf } from './contract-case.js'
import { seen } from './contract-world.js'
import { freshFolder } from './made.js'
import { codesOf } from './told.js'

const oddKeys = [
  'a b/c+d#e?f%g.txt',
  "it's (1)!*~_-.txt",
  'ключ/é.txt',
  'tab\tkey',
  'x;y:z@w&=,$.txt',
  '%41%2F.txt',
  '😀.txt',
]
const ranges = [
  [{ first: 0, last: 3 }, 'byte', { first: 0, last: 3 }],
  [{ first: 9 }, 'plain.txt', { first: 9, last: 17 }],
  [{ first: 15, last: 999 }, 'txt', { first: 15, last: 17 }],
  [{ first: 17, last: 17 }, 't', { first: 17, last: 17 }],
] as const

/** Bytes as if they were in a file. */
const sourceOf = (bytes: Buffer): ContentSource => ({
  size: bytes.byteLength,
  open: async () => ({
    read: async (into, start) => into.set(bytes.subarray(start, start + into.byteLength)),
    close: async () => {},
  }),
})

export const objectCases: ContractSubject = {
  subject: 'objects',
  cases: [
    ...casesOf('are written, looked up and read under any name', oddKeys, async ({ backend, bucket }, name) => {
      const at = { bucket, key: `${freshFolder()}/${name}` }
      const body = Buffer.from(`bytes of ${name}`)
      const { hash, ...put } = await backend.objects.put(at, body)
      expect(put).toMatchObject({ ...at, size: body.byteLength })
      expect(hash).toEqual(await chunkedSha256(body))
      const { modified, contentType: _, ...known } = await backend.objects.info(at)
      expect(known).toMatchObject(put)
      expect(modified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      const read = await backend.objects.read(at)
      expect([await bytesOf(read.body), read.size, read.etag]).toEqual([body, body.byteLength, put.etag])
    }),
    {
      title: 'may be empty',
      async run({ backend, bucket }) {
        const at = { bucket, key: `${freshFolder()}/empty` }
        await backend.objects.put(at, Buffer.of())
        const read = await backend.objects.read(at)
        expect([(await bytesOf(read.body)).byteLength, read.size]).toEqual([0, 0])
      },
    },
    {
      title: 'of more than one part arrive whole, and tell their progress',
      async run({ backend, bucket }) {
        const at = { bucket, key: `${freshFolder()}/large` }
        const body = Buffer.alloc(9_437_184, 'quilt')
        const progress: number[] = []
        await backend.objects.put(at, body, { onProgress: ({ done }) => progress.push(done) })
        expect((await bytesOf((await backend.objects.read(at)).body)).equals(body)).toBe(true)
        expect(Math.max(...progress)).toBe(body.byteLength)
      },
    },
    {
      title: 'keep their content type and metadata',
      async run({ backend, bucket }) {
        const at = { bucket, key: `${freshFolder()}/typed` }
        const facts = { contentType: 'text/x-quilt', metadata: { origin: 'contract' } }
        await backend.objects.put(at, Buffer.from('x'), facts)
        expect(await backend.objects.info(at)).toMatchObject(facts)
      },
    },
    {
      title: 'keep every version, each read by its id',
      async run({ backend, bucket }) {
        const at = { bucket, key: `${freshFolder()}/versions` }
        const first = await backend.objects.put(at, Buffer.from('first'))
        await backend.objects.put(at, Buffer.from('second'))
        expect(first.versionId).toEqual(expect.any(String))
        const old = await backend.objects.read({ ...at, versionId: first.versionId })
        expect((await bytesOf(old.body)).toString()).toBe('first')
      },
    },
    {
      title: 'show the last bytes that were written, and another ETag',
      async run({ backend, bucket }) {
        const at = { bucket, key: `${freshFolder()}/changed` }
        const first = await backend.objects.put(at, Buffer.from('first'))
        const second = await backend.objects.put(at, Buffer.from('other'))
        expect((await bytesOf((await backend.objects.read(at)).body)).toString()).toBe('other')
        expect(second.etag).not.toBe(first.etag)
      },
    },
    ...casesOf(
      'are read in ranges, with the size of the whole',
      ranges,
      async ({ backend, bucket }, [range, text, given]) => {
        const at = { bucket, key: `${freshFolder()}/plain.txt` }
        await backend.objects.put(at, Buffer.from('bytes of plain.txt'))
        const read = await backend.objects.read(at, { range })
        expect([(await bytesOf(read.body)).toString(), read.range, read.size]).toEqual([text, given, 18])
      },
    ),
    ...casesOf(
      'have no such range',
      [{ first: 18 }, { first: 5, last: 4 }, { first: -1 }, { first: 0.5 }, { first: 0, last: 1.5 }],
      async ({ backend, bucket }, range) => {
        const at = { bucket, key: `${freshFolder()}/plain.txt` }
        await backend.objects.put(at, Buffer.from('bytes of plain.txt'))
        expect((await refusalOf(backend.objects.read(at, { range }))).code).toBe('invalid_input')
      },
    ),
    {
      title: 'that do not exist are not found',
      async run(world) {
        const { backend, bucket } = world
        const at = { bucket, key: 'missing/object.txt' }
        expect(await codesOf([backend.objects.info(at), backend.objects.read(at)])).toEqual(['not_found', 'not_found'])
        const { message, hint } = await refusalOf(backend.objects.read(at))
        expect(seen(world, { message, hint })).toEqual({
          message: 'Reading registry:/missing/object.txt: there is no such object',
          hint: 'Look at what is there with bucket_objects_list.',
        })
      },
    },
    {
      title: 'have a name: an empty key is invalid_input in every call',
      async run({ backend, bucket }) {
        const at = { bucket, key: '' }
        const calls = [backend.objects.info(at), backend.objects.read(at), backend.objects.put(at, Buffer.of())]
        expect(await codesOf(calls)).toEqual(['invalid_input', 'invalid_input', 'invalid_input'])
      },
    },
    ...casesOf(
      'are not replaced where that was not wanted, of so many bytes',
      [5, 9_437_184],
      async ({ backend, bucket }, size) => {
        const at = { bucket, key: `${freshFolder()}/once` }
        await backend.objects.put(at, Buffer.alloc(size, 'a'), { ifAbsent: true })
        const again = backend.objects.put(at, Buffer.alloc(size, 'b'), { ifAbsent: true })
        expect((await refusalOf(again)).code).toBe('conflict')
        const read = await backend.objects.read(at, { range: { first: 0, last: 0 } })
        expect((await bytesOf(read.body)).toString()).toBe('a')
      },
    ),
    {
      title: 'are written once when two write at once and want no replacing',
      async run({ backend, bucket }) {
        const at = { bucket, key: `${freshFolder()}/race` }
        const puts = ['a', 'b', 'c', 'd'].map((text) => backend.objects.put(at, Buffer.from(text), { ifAbsent: true }))
        const outcomes = await Promise.allSettled(puts)
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      },
    },
    ...casesOf(
      'are written from a source as from memory, with the Quilt hash of their bytes, of so many',
      [0, 1, 8_388_607, 8_388_608, 8_388_609, 17_000_000],
      async ({ backend, bucket }, size) => {
        const at = { bucket, key: `${freshFolder()}/sourced` }
        const body = Buffer.alloc(size, 'quilt')
        const fromSource = await backend.objects.put(at, sourceOf(body))
        const fromMemory = await backend.objects.put({ ...at, key: `${at.key}-2` }, body)
        expect([fromSource.size, fromSource.hash]).toEqual([size, await chunkedSha256(body)])
        expect([fromMemory.size, fromMemory.hash]).toEqual([size, fromSource.hash])
        const read = await backend.objects.read(at)
        expect([read.size, (await bytesOf(read.body)).equals(body)]).toEqual([size, true])
      },
    ),
    ...casesOf(
      'are not written from a source that changes while it is read, of so many bytes',
      [5, 9_437_184],
      async ({ backend, bucket }, size) => {
        const at = { bucket, key: `${freshFolder()}/changing` }
        const source = sourceOf(Buffer.alloc(size, 'a'))
        const changed = new QuiltError('conflict', 'it changed', { hint: 'Try again.' })
        const changing: ContentSource = {
          ...source,
          open: async () => ({ ...(await source.open()), check: () => Promise.reject(changed) }),
        }
        expect((await refusalOf(backend.objects.put(at, changing))).code).toBe('conflict')
        expect((await refusalOf(backend.objects.info(at))).code).toBe('not_found')
      },
    ),
    ...casesOf(
      'are replaced only as long as they have the ETag that was named, by so many bytes',
      [5, 9_437_184],
      async ({ backend, bucket }, size) => {
        const at = { bucket, key: `${freshFolder()}/matched` }
        const { etag: ifMatch } = await backend.objects.put(at, Buffer.from('first'))
        await backend.objects.put(at, Buffer.alloc(size, 'b'), { ifMatch })
        const late = backend.objects.put(at, Buffer.alloc(size, 'c'), { ifMatch })
        expect((await refusalOf(late)).code).toBe('conflict')
        const none = backend.objects.put({ ...at, key: `${at.key}-none` }, Buffer.from('x'), { ifMatch })
        expect((await refusalOf(none)).code).toBe('conflict')
        const read = await backend.objects.read(at, { range: { first: 0, last: 0 } })
        expect((await bytesOf(read.body)).toString()).toBe('b')
      },
    ),
    {
      title: 'of more than one part are written once when two write at once and want no replacing',
      async run({ backend, bucket }) {
        const at = { bucket, key: `${freshFolder()}/large-race` }
        const puts = ['a', 'b'].map((text) =>
          backend.objects.put(at, Buffer.alloc(9_437_184, text), { ifAbsent: true }),
        )
        const outcomes = await Promise.allSettled(puts)
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      },
    },
    {
      title: 'are not written when the signal was given up before',
      async run({ backend, bucket }) {
        const at = { bucket, key: `${freshFolder()}/given-up` }
        const signal = AbortSignal.abort(new Error('the user left'))
        await expect(backend.objects.put(at, Buffer.from('x'), { signal })).rejects.toThrow('the user left')
        expect((await refusalOf(backend.objects.info(at))).code).toBe('not_found')
      },
    },
    {
      title: 'are uploaded by links, without signing in, and not replaced where that was not wanted',
      async run({ backend, bucket }) {
        const at = { bucket, key: `${freshFolder()}/linked` }
        const ticket = await backend.uploads?.begin(at, { size: 5, contentType: 'text/plain', ifAbsent: true })
        if (ticket?.kind !== 'put') throw new Error(`the link is ${ticket?.kind}`)
        const send = () => fetch(ticket.url, { method: 'PUT', headers: ticket.headers, body: 'hello' })
        expect([(await send()).status, (await send()).status]).toEqual([200, 412])
        expect((await bytesOf((await backend.objects.read(at)).body)).toString()).toBe('hello')
      },
    },
    {
      title: 'cannot be overwritten in one version',
      async run({ backend, bucket }) {
        const put = backend.objects.put({ bucket, key: 'a', versionId: 'v1' }, Buffer.from('a'))
        expect((await refusalOf(put)).code).toBe('invalid_input')
      },
    },
    {
      title: 'below a prefix are told all, each once, with size and time',
      async run({ backend, bucket }) {
        const folder = freshFolder()
        const names = ['a', 'b/c', 'b/c.txt', ...oddKeys]
        for (const name of names) await backend.objects.put({ bucket, key: `${folder}/${name}` }, Buffer.from('12345'))
        const found: ObjectListItem[] = []
        const progress: number[] = []
        const options = { prefix: `${folder}/`, onProgress: ({ done }: Progress) => progress.push(done) }
        for await (const batch of backend.objects.keys(bucket, options)) found.push(...batch)
        expect(found.map(({ key }) => key).sort()).toEqual(names.map((name) => `${folder}/${name}`).sort())
        expect(found.every(({ size, modified }) => size === 5 && /^\d{4}-.*Z$/.test(modified))).toBe(true)
        expect(progress.at(-1)).toBe(names.length)
      },
    },
    {
      title: 'are read by who may only read, and not written',
      async run({ backend, reader, bucket }) {
        const at = { bucket, key: `${freshFolder()}/shown` }
        await backend.objects.put(at, Buffer.from('shown'))
        if (reader === undefined) throw new Error('this world knows no rights')
        expect((await bytesOf((await reader.objects.read(at)).body)).toString()).toBe('shown')
        expect((await refusalOf(reader.objects.put(at, Buffer.from('x')))).code).toBe('forbidden')
      },
    },
  ],
}
