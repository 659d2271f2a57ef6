// Searches that are not made: what is wrong in them is named.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestRegistry } from './test/registry.js'
import { namesFound } from './test/search.js'
import { aSearchedRegistry } from './test/searched-registry.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = (await aSearchedRegistry()).registry
})
afterAll(() => registry.close())

const names = (variables: object, options?: Parameters<typeof namesFound>[3]) =>
  namesFound(registry, registry.ada, variables, options)

describe('what cannot be read', () => {
  it.each([
    ['an open parenthesis', { searchString: '(a' }, 'searchString', 'not closed'],
    ['a field that there is not', { searchString: 'colour:red' }, 'searchString', 'there is no field colour'],
    ['a field of objects', { searchString: 'content:x' }, 'searchString', 'content'],
    [
      'words with a field in a filter',
      { filter: { comment: { queryString: 'a name:b' } } },
      'filter.comment.queryString',
      'one field',
    ],
    [
      'two types at once',
      { userMetaFilters: [{ path: '/a', number: { gte: 1 }, keyword: { terms: ['x'] } }] },
      'userMetaFilters.0',
      'exactly one',
    ],
    [
      'no JSON pointer',
      { userMetaFilters: [{ path: 'a', number: { gte: 1 } }] },
      'userMetaFilters.0.path',
      'JSON pointer',
    ],
  ])('is named: %s', async (_what, variables, path, message) => {
    expect(await names(variables)).toEqual({
      __typename: 'InvalidInput',
      errors: [{ path, name: expect.any(String), message: expect.stringContaining(message) }],
    })
  })

  it.each([
    [
      'thousands of conditions',
      { userMetaFilters: Array.from({ length: 3_000 }, (_, from) => ({ path: '/plate', number: { gte: -from } })) },
      'the search has 3000 terms',
    ],
    [
      'tens of thousands of values',
      {
        userMetaFilters: Array.from({ length: 100 }, (_, at) => ({
          path: `/a${at}`,
          keyword: { terms: Array.from({ length: 500 }, (_, index) => `x${index}`) },
        })),
      },
      'the search has 50100 terms',
    ],
    ['an endless pattern', { filter: { name: { wildcard: '*a'.repeat(30_000) } } }, 'at most 1000 characters'],
  ])('is more than an index takes: %s', async (_what, variables, message) => {
    expect(await names(variables)).toEqual({
      __typename: 'InvalidInput',
      errors: [
        { path: expect.stringMatching(/^filter/), name: expect.any(String), message: expect.stringContaining(message) },
      ],
    })
  })

  it('is not one value in both cases, as those write it who do not know that case is nothing', async () => {
    const terms = Array.from({ length: 400 }, (_, index) => [`TEAM/X${index}`, `team/x${index}`]).flat()
    expect(await names({ filter: { name: { terms: [...terms, 'TEAM/RNA', 'team/rna'] } } })).toEqual(['team/rna'])
  })

  it.each([0, -1, 1_001])('is a page of %i hits', async (size) => {
    expect(await names({}, { size })).toEqual(
      expect.objectContaining({ firstPage: expect.objectContaining({ __typename: 'InvalidInput' }) }),
    )
  })

  it('is a request that searches hundreds of times', async () => {
    const many = Array.from({ length: 150 }, (_, i) => `a${i}: searchPackages(searchString: "x") { __typename }`)
    const { body } = await registry.ask(registry.ada, `{ ${many.join(' ')} }`)
    expect(JSON.stringify(body, (_, value: unknown) => (value instanceof Map ? [...value] : value))).toContain(
      'searches 100 times at most',
    )
  })
})
