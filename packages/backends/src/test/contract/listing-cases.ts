import { expect } from 'vitest'
import { type ContractSubject, casesOf } from './contract-case.js'
import type { ContractWorld } from './contract-world.js'
import { freshFolder } from './made.js'
import { codesOf } from './told.js'

const keys = ['Z', 'data/x.csv', 'data/deep/er.txt', 'data-1/y', 'data.csv', 'ключ', '😀', 'ﬀ']
/** S3 lists by UTF-8 bytes: an astral character comes after all others. */
const inOrder = ['Z', 'data-1/y', 'data.csv', 'data/deep/er.txt', 'data/x.csv', 'ключ', 'ﬀ', '😀']

async function tree({ backend, bucket }: ContractWorld): Promise<string> {
  const folder = freshFolder()
  await Promise.all(keys.map((key) => backend.objects.put({ bucket, key: `${folder}/${key}` }, Buffer.from(key))))
  return folder
}

export const listingCases: ContractSubject = {
  subject: 'a listing of objects',
  cases: [
    {
      title: 'goes one level down, and names what lies deeper by prefix',
      async run(world) {
        const folder = await tree(world)
        const { items, prefixes } = await world.backend.objects.list(world.bucket, { prefix: `${folder}/` })
        expect(items.map(({ key }) => key.slice(folder.length + 1))).toEqual(['Z', 'data.csv', 'ключ', 'ﬀ', '😀'])
        expect(prefixes.map((prefix) => prefix.slice(folder.length + 1))).toEqual(['data-1/', 'data/'])
      },
    },
    {
      title: 'or goes through the whole tree, in the order of UTF-8 bytes',
      async run(world) {
        const folder = await tree(world)
        const found = await world.backend.objects.list(world.bucket, { prefix: `${folder}/`, recursive: true })
        expect(found.items.map(({ key }) => key.slice(folder.length + 1))).toEqual(inOrder)
        expect([found.prefixes, found.cursor]).toEqual([[], undefined])
      },
    },
    {
      title: 'tells size and time of each object',
      async run({ backend, bucket }) {
        const folder = freshFolder()
        await backend.objects.put({ bucket, key: `${folder}/a` }, Buffer.from('hello'))
        const { items } = await backend.objects.list(bucket, { prefix: `${folder}/` })
        expect(items).toMatchObject([
          { key: `${folder}/a`, size: 5, modified: expect.stringMatching(/^\d{4}-.*T.*\.\d{3}Z$/) },
        ])
      },
    },
    {
      title: 'takes a prefix for the beginning of keys, not for a folder',
      async run(world) {
        const folder = await tree(world)
        const { items, prefixes } = await world.backend.objects.list(world.bucket, { prefix: `${folder}/data` })
        expect(items.map(({ key }) => key.slice(folder.length + 1))).toEqual(['data.csv'])
        expect(prefixes.map((prefix) => prefix.slice(folder.length + 1))).toEqual(['data-1/', 'data/'])
      },
    },
    ...casesOf('comes in pages that any limit continues, recursive', [true, false], async (world, recursive) => {
      const folder = await tree(world)
      const found: string[] = []
      let cursor: string | undefined
      let limit = 1
      do {
        const page = await world.backend.objects.list(world.bucket, { prefix: `${folder}/`, recursive, limit, cursor })
        expect(page.items.length + page.prefixes.length).toBeLessThanOrEqual(limit)
        found.push(...page.items.map(({ key }) => key), ...page.prefixes)
        cursor = page.cursor
        limit += 1
      } while (cursor !== undefined)
      const expected = recursive ? inOrder : ['Z', 'data-1/', 'data.csv', 'data/', 'ключ', 'ﬀ', '😀']
      expect(found.map((key) => key.slice(folder.length + 1)).sort()).toEqual([...expected].sort())
    }),
    {
      title: 'of a prefix that nothing has is empty',
      async run({ backend, bucket }) {
        expect(await backend.objects.list(bucket, { prefix: 'nothing/here/' })).toEqual({ items: [], prefixes: [] })
      },
    },
    ...casesOf('has no page of this size', [0, -1, 1.5, 1_001], async ({ backend, bucket }, limit) => {
      expect(await codesOf([backend.objects.list(bucket, { limit })])).toEqual(['invalid_input'])
    }),
    {
      title: 'does not take the cursor of another list',
      async run({ backend, bucket }) {
        const cursors = ['x', Buffer.from('{"offset":1}').toString('base64url'), '']
        const calls = cursors.map((cursor) => backend.objects.list(bucket, { cursor }))
        expect(await codesOf(calls)).toEqual(['invalid_input', 'invalid_input', 'invalid_input'])
      },
    },
  ],
}
