import { expect } from 'vitest'
import { refusalOf, refusalsOf } from '../collect.js'
import { type ContractSubject, casesOf } from './contract-case.js'
import { seen } from './contract-world.js'
import { codesOf, told } from './told.js'

export const bucketCases: ContractSubject = {
  subject: 'buckets',
  cases: [
    {
      title: 'are listed by name, with their number',
      async run({ backend, bucket }) {
        const { items, total, cursor } = await backend.buckets.list()
        expect(items.map(({ name }) => name)).toContain(bucket)
        expect([total, cursor]).toEqual([items.length, undefined])
      },
    },
    {
      title: 'come in pages',
      async run({ backend }) {
        const all = (await backend.buckets.list()).items
        const paged: string[] = []
        let cursor: string | undefined
        do {
          const page = await backend.buckets.list({ limit: 1, cursor })
          expect([page.items.length, page.total]).toEqual([1, all.length])
          paged.push(...page.items.map(({ name }) => name))
          cursor = page.cursor
        } while (cursor !== undefined)
        expect(paged).toEqual(all.map(({ name }) => name))
      },
    },
    {
      title: 'are found by name, as they are listed',
      async run({ backend, bucket }) {
        const listed = (await backend.buckets.list()).items.find(({ name }) => name === bucket)
        expect(await backend.buckets.get(bucket)).toMatchObject({ ...listed })
      },
    },
    {
      title: 'that do not exist are not found',
      async run(world) {
        expect(await told(world, world.backend.buckets.get('nowhere'))).toEqual({
          code: 'not_found',
          message: 'There is no bucket nowhere, or your role may not see it',
          hint: 'See the buckets you can use with bucket_list; another role may see more.',
          details: { missing: 'bucket', bucket: 'nowhere' },
          nextTools: ['bucket_list', 'catalog_status'],
        })
      },
    },
    ...casesOf(
      'have no name like this one',
      ['', 's3://bucket', 'a/b', '../up', 'a b', '.hidden'],
      async ({ backend }, name) => {
        expect((await refusalOf(backend.buckets.get(name))).code).toBe('invalid_input')
      },
    ),
    {
      title: 'that do not exist have no objects, and say so',
      async run(world) {
        const { objects } = world.backend
        const at = { bucket: 'nowhere', key: 'a.txt' }
        const refused = [objects.list('nowhere'), objects.info(at), objects.read(at), objects.put(at, Buffer.from('a'))]
        for (const code of await codesOf(refused)) expect(code).toMatch(/^(not_found|forbidden)$/)
      },
    },
    {
      title: 'that do not exist have no packages, and say so',
      async run(world) {
        const { packages } = world.backend
        const ref = { bucket: 'nowhere', name: 'a/b' }
        const calls = [packages.list('nowhere'), packages.revisions(ref), packages.resolve(ref), packages.remove(ref)]
        for (const { code, details } of await refusalsOf(calls)) {
          expect(seen(world, { code, details })).toEqual({
            code: 'not_found',
            details: { missing: 'bucket', bucket: 'nowhere' },
          })
        }
      },
    },
  ],
}
