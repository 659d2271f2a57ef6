// Searching packages through GraphQL, as the web catalog does (formats.md 7.5).
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { TestRegistry } from './test/registry.js'
import { hitFields, morePackages, namesFound, packagesQuery, pages } from './test/search.js'
import { aSearchedRegistry } from './test/searched-registry.js'

let registry: TestRegistry
let versions: ReadonlyMap<string, string>
beforeAll(async () => {
  ;({ registry, versions } = await aSearchedRegistry())
})
afterAll(() => registry.close())

const names = (variables: object, options?: Parameters<typeof namesFound>[3]) =>
  namesFound(registry, registry.ada, variables, options)

describe('packages', () => {
  it.each([
    ['all of them, by a null string', {}, ['other/empty', 'team/atac', 'team/rna']],
    ['a word of the name', { searchString: 'RNA' }, ['team/rna']],
    ['a word of the comment', { searchString: 'import' }, ['team/rna']],
    ['a word of the metadata', { searchString: 'plate' }, ['team/atac', 'team/rna']],
    ['a word of the key of a file', { searchString: 'brain' }, ['team/atac']],
    ['the words of the registry’s engine', { searchString: 'ptr_name:team\\/* AND NOT entry_lk:*.csv' }, ['team/atac']],
    [
      'all of two buckets, of which one is not theirs',
      { buckets: ['lab-a', 'lab-b'] },
      ['other/empty', 'team/atac', 'team/rna'],
    ],
    ['nothing in a bucket that is not theirs', { buckets: ['lab-b'] }, []],
    ['nothing in a bucket that there is not', { buckets: ['no-such'] }, []],
  ])('are found by %s', async (_by, variables, expected) => {
    expect(await names(variables, { ordering: 'sys:name:asc' })).toEqual(expected)
  })

  it.each([
    ['name: terms', { name: { terms: ['team/rna', 'x/y'] } }, ['team/rna']],
    ['name: wildcard', { name: { wildcard: 'team/?tac' } }, ['team/atac']],
    ['hash: nothing named', { hash: { terms: [], wildcard: '' } }, ['other/empty', 'team/atac', 'team/rna']],
    ['size', { size: { gte: 1, lte: 19 } }, ['team/atac']],
    ['entries', { entries: { lte: 1 } }, ['other/empty', 'team/atac']],
    ['comment', { comment: { queryString: 'import OR brain' } }, ['team/atac', 'team/rna']],
    ['modified', { modified: { gte: '2020-01-01T00:00:00Z', lte: '2020-12-31T00:00:00Z' } }, []],
    ['modified, from', { modified: { gte: '2020-01-01T00:00:00.000Z' } }, ['other/empty', 'team/atac', 'team/rna']],
    ['workflow', { workflow: { wildcard: '*' } }, []],
  ])('are filtered by %s', async (_by, filter, expected) => {
    expect(await names({ filter }, { ordering: 'sys:name:asc' })).toEqual(expected)
  })

  it.each([
    ['a number', { path: '/plate', number: { gte: 4 } }, ['team/atac']],
    ['a date', { path: '/on', datetime: { lte: '2024-12-31T00:00:00Z' } }, ['team/rna']],
    ['a keyword', { path: '/assay', keyword: { terms: ['rna'] } }, ['team/rna']],
    ['a keyword pattern', { path: '/assay', keyword: { wildcard: '*A*' } }, ['team/atac', 'team/rna']],
    ['a truth value', { path: '/done', boolean: { true: true, false: false } }, ['team/atac']],
    ['a keyword where there are numbers', { path: '/plate', keyword: { terms: ['3'] } }, []],
    ['a text where there are keywords', { path: '/assay', text: { queryString: 'RNA' } }, []],
  ])('are filtered by metadata: %s', async (_by, predicate, expected) => {
    expect(await names({ userMetaFilters: [predicate] }, { ordering: 'sys:name:asc' })).toEqual(expected)
  })

  it.each([
    ['sys:size:desc', ['team/rna', 'team/atac', 'other/empty']],
    ['sys:entries:asc', ['other/empty', 'team/atac', 'team/rna']],
    ['usr:/plate:number:desc', ['team/atac', 'team/rna', 'other/empty']],
    ['usr:/on:datetime:asc', ['team/rna', 'team/atac', 'other/empty']],
  ])('are ordered by %s', async (ordering, expected) => {
    expect(await names({}, { ordering })).toEqual(expected)
  })

  it.each([
    ['name', 'ordering'],
    ['SYS:name:asc', 'ordering'],
    ['sys:name:up', 'ordering'],
    ['usr:plate:number:asc', 'ordering'],
    ['sys:comment:asc', 'UnsupportedSort'],
    ['usr:/plate:text:asc', 'UnsupportedSort'],
    ['usr:/plate:keyword:asc', 'UnsupportedSort'],
    ['usr:/nowhere:number:asc', 'UnsupportedSort'],
  ])('are not ordered by %s', async (ordering, name) => {
    expect(await names({}, { ordering })).toEqual({
      __typename: 'PackagesSearchResultSet',
      firstPage: { __typename: 'InvalidInput', errors: [{ path: 'ordering', name, message: expect.any(String) }] },
    })
  })

  it('are told with all that is known of them, and why they were found', async () => {
    const answer = await registry.field(
      registry.ada,
      packagesQuery(`total firstPage { ... on PackagesSearchResultSetPage { cursor hits { ${hitFields} } } }`),
      { searchString: 'RNA key:counts/*' },
    )
    expect(answer).toEqual({
      __typename: 'PackagesSearchResultSet',
      total: 1,
      firstPage: {
        cursor: null,
        hits: [
          {
            id: expect.any(String),
            score: 8,
            bucket: 'lab-a',
            name: 'team/rna',
            pointer: 'latest',
            hash: expect.stringMatching(/^[0-9a-f]{64}$/),
            size: 38,
            modified: expect.stringMatching(/Z$/),
            totalEntriesCount: 2,
            comment: 'first import',
            meta: '{"assay":"RNA","plate":3,"done":false,"on":"2024-05-06"}',
            workflow: null,
            matchLocations: { name: true, comment: false, meta: true, workflow: false },
            matchingEntries: [
              {
                logicalKey: 'counts/a.csv',
                physicalKey: `s3://lab-a/raw/plate-1.csv?versionId=${versions.get('raw/plate-1.csv')}`,
                size: 19,
                meta: '{"user_meta":{"well":"A1"}}',
                matchLocations: { logicalKey: true, physicalKey: false, meta: false, contents: false },
              },
            ],
          },
        ],
      },
    })
  })

  it('come page after page, each once', async () => {
    const first = `firstPage(size: 2, ordering: "sys:name:asc") { ... on PackagesSearchResultSetPage { cursor hits { name } } }`
    const { firstPage } = pages.parse(await registry.field(registry.ada, packagesQuery(first), {}))
    expect(firstPage.hits).toEqual([{ name: 'other/empty' }, { name: 'team/atac' }])
    expect(await registry.field(registry.ada, morePackages, { after: firstPage.cursor })).toEqual({
      __typename: 'PackagesSearchResultSetPage',
      cursor: null,
      hits: [{ name: 'team/rna' }],
    })
  })

  it('come page after page when they are filtered by a year of five digits', async () => {
    const first = `firstPage(size: 2) { ... on PackagesSearchResultSetPage { cursor hits { name } } }`
    const filter = { modified: { lte: '+012345-01-01T00:00:00Z' } }
    const { firstPage } = pages.parse(await registry.field(registry.ada, packagesQuery(first), { filter }))
    expect(await registry.field(registry.ada, morePackages, { after: firstPage.cursor })).toMatchObject({
      __typename: 'PackagesSearchResultSetPage',
      hits: [expect.anything()],
    })
  })

  it('are found right after they are pushed, and gone when they are removed', async () => {
    await registry.construct(registry.ada, { bucket: 'lab-a', name: 'late/comer', message: 'just now' }, [])
    expect(await names({ searchString: 'comer' })).toEqual(['late/comer'])
    const hash = `{ package(bucket: "lab-a", name: "late/comer") { revision { hash } } }`
    const { revision } = z
      .object({ revision: z.object({ hash: z.string() }) })
      .parse(await registry.field(registry.ada, hash))
    await registry.field(
      registry.ada,
      `mutation { packageRevisionDelete(bucket: "lab-a", name: "late/comer", hash: "${revision.hash}") { __typename } }`,
    )
    expect(await names({ searchString: 'comer' })).toEqual([])
  })
})
