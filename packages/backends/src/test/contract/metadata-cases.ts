import { encodeJson, headerUserMeta } from '@quilt-mcp/core'
import { expect } from 'vitest'
import { type ContractSubject, casesOf } from './contract-case.js'
import { allEntries, files, fresh, jsonOf, opened } from './made.js'

/** What JavaScript's own JSON would change. */
const texts = [
  '{"a":1.0,"b":1,"c":-0.0}',
  '{"n":12345678901234567890123,"x":-9007199254740993}',
  '{"z":1,"10":2,"9":3,"a":4}',
  '{"e":1e-05,"f":1e+16,"g":0.0001,"h":1.5e+300}',
  '{"__proto__":{"a":1},"constructor":2}',
  '{"deep":[[{"a":[null,true,false,{}]}],[]],"empty":{}}',
  '{"名前":"データ","emoji":"😀","control":"\\u0001\\t\\n","line":"\u2028"}',
  '{"":"","a b":" ","quote":"\\"\\\\/"}',
] as const

export const metadataCases: ContractSubject = {
  subject: 'metadata',
  cases: [
    ...casesOf('of a package comes back as it was given', texts, async (world, text) => {
      const { revision } = await world.backend.packages.push({
        ...fresh(world),
        entries: [],
        message: null,
        userMeta: jsonOf(text),
      })
      const { header } = await opened(world, revision)
      expect(encodeJson(headerUserMeta(header) ?? null)).toBe(text)
    }),
    ...casesOf('of an entry comes back as it was given', texts, async (world, text) => {
      const [file] = await files(world, { 'a.txt': 'a' })
      const entries = [
        { logicalKey: 'a.txt', physicalKey: file?.physicalKey ?? '', meta: jsonOf(`{"user_meta":${text}}`) },
      ]
      const { revision } = await world.backend.packages.push({ ...fresh(world), entries, message: null })
      expect(encodeJson((await (await opened(world, revision)).entry('a.txt')).meta)).toBe(`{"user_meta":${text}}`)
    }),
    {
      title: 'of the system beside that of the user is kept',
      async run(world) {
        const text = '{"format":{"name":"csv","opts":{"sep":";"}},"user_meta":{"a":1},"target":"csv"}'
        const [file] = await files(world, { 'a.csv': 'a' })
        const entries = [{ logicalKey: 'a.csv', physicalKey: file?.physicalKey ?? '', meta: jsonOf(text) }]
        const { revision } = await world.backend.packages.push({ ...fresh(world), entries, message: null })
        expect(encodeJson((await (await opened(world, revision)).entry('a.csv')).meta)).toBe(text)
      },
    },
    {
      title: 'that is empty is the same as none, and {"user_meta":{}} is not',
      async run(world) {
        const [file] = await files(world, { 'a.txt': 'a' })
        const hashes: string[] = []
        for (const meta of [undefined, jsonOf('{}'), jsonOf('{"user_meta":{}}')]) {
          const entries = [
            { logicalKey: 'a.txt', physicalKey: file?.physicalKey ?? '', ...(meta === undefined ? {} : { meta }) },
          ]
          hashes.push((await world.backend.packages.push({ ...fresh(world), entries, message: null })).revision.topHash)
        }
        const [none, bare, wrapped] = hashes
        expect(bare).toBe(none)
        expect(wrapped).not.toBe(none)
      },
    },
    {
      title: 'of all entries survives an update that changes one',
      async run(world) {
        const made = await files(world, { a: 'a', b: 'b', c: 'c' })
        const entries = made.map((file, index) => ({ ...file, meta: jsonOf(`{"user_meta":{"n":${index}.0}}`) }))
        const first = await world.backend.packages.push({
          ...fresh(world),
          entries,
          message: 'first',
          userMeta: jsonOf('{"k":1.0}'),
        })
        const reader = await opened(world, first.revision)
        const before = await allEntries(reader)
        const userMeta = headerUserMeta(reader.header) ?? null
        const changed = before.map((entry) => (entry.logicalKey === 'b' ? { ...entry, meta: jsonOf('{}') } : entry))
        const second = await world.backend.packages.push({
          ...first.revision,
          entries: changed,
          message: 'second',
          userMeta,
          base: first.revision.topHash,
        })
        const after = await opened(world, second.revision)
        expect(await allEntries(after)).toEqual(changed)
        expect(encodeJson(after.header)).toBe('{"version":"v0","user_meta":{"k":1.0},"message":"second"}')
      },
    },
    {
      title: 'in the message is any text',
      async run(world) {
        for (const message of ['', ' ', 'line\nbreak', 'héllo 😀', '\u0001', 'x'.repeat(10_000)]) {
          const { revision } = await world.backend.packages.push({ ...fresh(world), entries: [], message })
          expect((await world.backend.packages.resolve(revision)).message).toBe(message)
        }
      },
    },
  ],
}
