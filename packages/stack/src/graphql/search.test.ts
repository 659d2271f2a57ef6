// Searching a catalogue through GraphQL, as the web catalog does (formats.md 7.5).
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aRegistry, emptyHash, helloHash, type TestRegistry } from './test/registry.js'
import { hitFields, keysFound, namesFound, objectsQuery, packagesQuery } from './test/search.js'

let registry: TestRegistry
const versions = new Map<string, string>()

beforeAll(async () => {
  registry = await aRegistry()
  const { ada } = registry
  for (const [key, body] of [
    ['raw/plate-1.csv', 'gene,count\nBRCA1,7\n'],
    ['raw/plate-2.CSV', 'gene,count\nTP53,9\n'],
    ['docs/README.md', '# Notes on brain tissue\n'],
    ['docs/photo.png', 'not text\0'],
  ] as const)
    versions.set(key, await registry.put(ada, 'lab-a', key, body))
  const entry = (logicalKey: string, meta?: object) => ({
    logicalKey,
    physicalKey: `s3://lab-a/raw/plate-1.csv?versionId=${versions.get('raw/plate-1.csv')}`,
    size: 19,
    hash: helloHash,
    ...(meta !== undefined && { meta }),
  })
  const push = (name: string, message: string, userMeta: object | null, entries: readonly ReturnType<typeof entry>[]) =>
    registry.construct(ada, { bucket: 'lab-a', name, message, userMeta }, entries)
  await push('team/rna', 'first import', { assay: 'RNA', plate: 3, done: false, on: '2024-05-06' }, [
    entry('counts/a.csv', { user_meta: { well: 'A1' } }),
    entry('readme.md'),
  ])
  await push('team/atac', 'reads of brain', { assay: 'ATAC', plate: 12, done: true, on: '2025-01-01' }, [
    entry('reads/brain_1.fastq'),
  ])
  await push('other/empty', 'nothing yet', null, [])
  expect(emptyHash.type).toBe(helloHash.type)
})
afterAll(() => registry.close())

const names = (variables: object, options?: Parameters<typeof namesFound>[3]) =>
  namesFound(registry, registry.ada, variables, options)
const keys = (variables: object, order?: string) => keysFound(registry, registry.ada, variables, order)

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

  it('are counted by what they are: sizes, dates, workflows, metadata by its types', async () => {
    const stats = `stats { size { min max } entries { min max } workflow { values } userMetaTruncated userMeta {
      __typename ... on IPackageUserMetaFacet { path sortable }
      ... on NumberPackageUserMetaFacet { numbers: extents { min max } }
      ... on DatetimePackageUserMetaFacet { dates: extents { min max } }
      ... on KeywordPackageUserMetaFacet { keywords: extents { values } } } }`
    expect(await registry.field(registry.ada, packagesQuery(`total ${stats}`), {})).toEqual({
      __typename: 'PackagesSearchResultSet',
      total: 3,
      stats: {
        size: { min: 0, max: 38 },
        entries: { min: 0, max: 2 },
        workflow: { values: [] },
        userMetaTruncated: false,
        userMeta: [
          {
            __typename: 'KeywordPackageUserMetaFacet',
            path: '/assay',
            sortable: true,
            keywords: { values: ['ATAC', 'RNA'] },
          },
          { __typename: 'BooleanPackageUserMetaFacet', path: '/done', sortable: true },
          {
            __typename: 'DatetimePackageUserMetaFacet',
            path: '/on',
            sortable: true,
            dates: { min: '2024-05-06T00:00:00.000Z', max: '2025-01-01T00:00:00.000Z' },
          },
          { __typename: 'NumberPackageUserMetaFacet', path: '/plate', sortable: true, numbers: { min: 3, max: 12 } },
        ],
      },
    })
  })

  it.each([
    ['/plate', null, ['/plate']],
    ['/plate', 'KEYWORD', []],
    ['A', null, ['/assay', '/plate']],
    ['*a*t*', 'NUMBER', ['/plate']],
    ['/nowhere', null, []],
  ])('have facets at %s of type %s', async (path, type, expected) => {
    const facets = `filteredUserMetaFacets(path: ${JSON.stringify(path)}, type: ${type}) { ... on IPackageUserMetaFacet { path } }`
    const answer = await registry.field(registry.ada, packagesQuery(facets), {})
    const { filteredUserMetaFacets } = z
      .object({ filteredUserMetaFacets: z.array(z.object({ path: z.string() })) })
      .parse(answer)
    expect(filteredUserMetaFacets.map((facet) => facet.path)).toEqual(expected)
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

describe('objects', () => {
  it.each([
    ['a word of the key', { searchString: 'plate' }, ['raw/plate-1.csv', 'raw/plate-2.CSV']],
    ['a word inside of a small text file', { searchString: 'TP53' }, ['raw/plate-2.CSV']],
    ['nothing inside of other files', { searchString: 'text' }, []],
    [
      'an extension as the registry writes it',
      { filter: { ext: { terms: ['.csv'] } } },
      ['raw/plate-1.csv', 'raw/plate-2.CSV'],
    ],
    ['a pattern of keys', { filter: { key: { wildcard: 'docs/*' } } }, ['docs/README.md', 'docs/photo.png']],
    ['content', { filter: { content: { queryString: 'brain' } } }, ['docs/README.md']],
    [
      'not deleted',
      { filter: { deleted: { true: false, false: true }, size: { lte: 18 } } },
      ['docs/photo.png', 'raw/plate-2.CSV'],
    ],
  ])('are found by %s', async (_by, variables, expected) => {
    expect(await keys(variables)).toEqual(expected)
  })

  it('are told with what is known of them, and counted', async () => {
    const selection = `total stats { size { min max } ext { values } }
      firstPage { cursor hits { id bucket key version size modified deleted indexedContent } }`
    expect(await registry.field(registry.ada, objectsQuery(selection), { searchString: 'brain' })).toEqual({
      __typename: 'ObjectsSearchResultSet',
      total: 1,
      stats: { size: { min: 24, max: 24 }, ext: { values: ['.md'] } },
      firstPage: {
        cursor: null,
        hits: [
          {
            id: `docs/README.md:${versions.get('docs/README.md')}`,
            bucket: 'lab-a',
            key: 'docs/README.md',
            version: versions.get('docs/README.md'),
            size: 24,
            modified: expect.stringMatching(/Z$/),
            deleted: false,
            indexedContent: '# Notes on brain tissue\n',
          },
        ],
      },
    })
  })
})

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

const pages = z.object({ firstPage: z.object({ cursor: z.string(), hits: z.array(z.unknown()) }) })
const morePackages = `query ($after: String!) { searchMorePackages(after: $after, size: 2) {
  __typename ... on PackagesSearchResultSetPage { cursor hits { name } } ... on InvalidInput { errors { path name } } } }`
