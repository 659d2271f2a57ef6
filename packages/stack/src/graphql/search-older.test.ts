// A stack of the older kind: the order of packages is one of few, and the first page is no union.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { aRegistry, type TestRegistry } from './test/registry.js'
import { packagesQuery } from './test/search.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = await aRegistry({ searchSignature: 'order' })
  for (const name of ['a/b', 'c/d']) await registry.construct(registry.ada, { bucket: 'lab-a', name, message: '' }, [])
})
afterAll(() => registry.close())

it.each([
  ['LEX_ASC', ['a/b', 'c/d']],
  ['LEX_DESC', ['c/d', 'a/b']],
])('orders packages by %s, and goes on behind its cursor', async (order, expected) => {
  const first = await registry.field(
    registry.ada,
    packagesQuery(`firstPage(size: 1, order: ${order}) { cursor hits { name } }`),
  )
  const { firstPage } = z.object({ firstPage: page }).parse(first)
  const more = `query ($after: String!) { searchMorePackages(after: $after) { ... on PackagesSearchResultSetPage { cursor hits { name } } } }`
  const rest = page.parse(await registry.field(registry.ada, more, { after: firstPage.cursor }))
  expect([...firstPage.hits, ...rest.hits].map(({ name }) => name)).toEqual(expected)
  expect(rest.cursor).toBeNull()
})

it('does not know the ordering of today', async () => {
  const { body } = await registry.ask(
    registry.ada,
    packagesQuery(`firstPage(ordering: "sys:name:asc") { ... on PackagesSearchResultSetPage { cursor } }`),
  )
  expect(JSON.stringify(body, (_, value: unknown) => (value instanceof Map ? [...value] : value))).toContain('ordering')
})

const page = z.object({ cursor: z.string().nullable(), hits: z.array(z.object({ name: z.string() })) })
