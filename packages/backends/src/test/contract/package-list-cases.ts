import { expect } from 'vitest'
import { type ContractSubject, casesOf } from './contract-case.js'
import type { ContractWorld } from './contract-world.js'
import { freshHash, plantRevision } from './made.js'
import { codesOf } from './told.js'

const second = 1_700_000_000

/** Four packages below a namespace that nobody has used. */
async function packagesOf(world: ContractWorld): Promise<string> {
  const unique = `list${freshHash().slice(0, 10)}`
  for (const [index, name] of [`${unique}/b`, `${unique}/a`, `${unique}/C-3`, `other-${unique}/list_d`].entries())
    await plantRevision(world, { name, second: second + index, topHash: freshHash() })
  return unique
}

const names = (page: { readonly items: readonly { readonly name: string }[] }) => page.items.map(({ name }) => name)

export const packageListCases: ContractSubject = {
  subject: 'packages',
  cases: [
    {
      title: 'are listed by name in the order of code points, with the time of their newest revision',
      async run(world) {
        const { bucket } = world
        const unique = await packagesOf(world)
        await plantRevision(world, { name: `${unique}/b`, second: second + 60, topHash: freshHash() })
        expect(await world.backend.packages.list(bucket, { filter: `${unique}/*` })).toEqual({
          items: [
            { bucket, name: `${unique}/C-3`, modified: '2023-11-14T22:13:22.000Z' },
            { bucket, name: `${unique}/a`, modified: '2023-11-14T22:13:21.000Z' },
            { bucket, name: `${unique}/b`, modified: '2023-11-14T22:14:20.000Z' },
          ],
          total: 3,
        })
      },
    },
    ...casesOf(
      'are found by a part of the name or a pattern',
      [
        ['*', 4],
        ['', 4],
        ['c-3', 1],
        ['LIST_D', 1],
        ['*/?', 2],
        ['*/list*', 1],
        ['?', 0],
        ['a*b*c*d*e', 0],
      ] as const,
      async (world, [filter, count]) => {
        const unique = await packagesOf(world)
        const page = await world.backend.packages.list(world.bucket, { filter, limit: 1_000 })
        expect(names(page).filter((name) => name.includes(unique))).toHaveLength(count)
      },
    ),
    {
      title: 'come in pages that any limit continues',
      async run(world) {
        const { packages } = world.backend
        const filter = await packagesOf(world)
        const first = await packages.list(world.bucket, { filter, limit: 1 })
        const next = await packages.list(world.bucket, { filter, limit: 2, cursor: first.cursor })
        const last = await packages.list(world.bucket, { filter, limit: 100, cursor: next.cursor })
        expect([first.total, next.total, last.total, last.cursor]).toEqual([4, 4, 4, undefined])
        const all = await packages.list(world.bucket, { filter })
        expect([first, next, last].flatMap(names)).toEqual(names(all))
      },
    },
    {
      title: 'that no name fits are none, and that is said by the total',
      async run({ backend, bucket }) {
        expect(await backend.packages.list(bucket, { filter: 'no-such-package' })).toEqual({ items: [], total: 0 })
      },
    },
    {
      title: 'are what lies two levels deep: other keys are no packages',
      async run(world) {
        const unique = await packagesOf(world)
        await world.plant(`.quilt/named_packages/${unique}-readme.txt`, 'x')
        await world.plant(`.quilt/named_packages/${unique}-one/latest`, freshHash())
        await world.plant(`.quilt/named_packages/${unique}-a.b/c.d/latest`, freshHash())
        const found = names(await world.backend.packages.list(world.bucket, { filter: unique }))
        expect(found).toHaveLength(4)
      },
    },
    {
      title: 'have no page of zero, or of more than a thousand',
      async run({ backend, bucket }) {
        const calls = [0, 1_001, 0.5].map((limit) => backend.packages.list(bucket, { limit }))
        expect(await codesOf(calls)).toEqual(['invalid_input', 'invalid_input', 'invalid_input'])
      },
    },
    {
      title: 'do not take the cursor of another list',
      async run({ backend, bucket }) {
        const cursors = [
          'x',
          Buffer.from('{"token":"t"}').toString('base64url'),
          Buffer.from('{"offset":-1}').toString('base64url'),
        ]
        const calls = cursors.map((cursor) => backend.packages.list(bucket, { cursor }))
        expect(await codesOf(calls)).toEqual(['invalid_input', 'invalid_input', 'invalid_input'])
      },
    },
    {
      title: 'with letters of any script are listed and opened',
      async run(world) {
        const topHash = freshHash()
        await plantRevision(world, { name: 'лаб/данные', second, topHash })
        expect(names(await world.backend.packages.list(world.bucket, { filter: 'ДАННЫЕ' }))).toEqual(['лаб/данные'])
        expect((await world.backend.packages.resolve({ bucket: world.bucket, name: 'лаб/данные' })).topHash).toBe(
          topHash,
        )
      },
    },
  ],
}
