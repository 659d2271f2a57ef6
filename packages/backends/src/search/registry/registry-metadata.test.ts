import { type MetaType, parseQuery } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { foundPackage, packagesFound, playing, searchAt } from './test/playing-registry.js'

const kinds: Readonly<Record<MetaType, object>> = {
  number: { __typename: 'NumberPackageUserMetaFacet', extents: { min: 1, max: 5 } },
  datetime: {
    __typename: 'DatetimePackageUserMetaFacet',
    extents: { min: '2024-01-01T00:00:00', max: '2025-01-01T00:00:00' },
  },
  keyword: { __typename: 'KeywordPackageUserMetaFacet', extents: { values: ['x', 'y'] } },
  text: { __typename: 'TextPackageUserMetaFacet' },
  boolean: { __typename: 'BooleanPackageUserMetaFacet' },
}

/** A registry whose packages have values of those types at /a, and of others beside it. */
const registryWith = (...types: readonly MetaType[]) =>
  playing({
    searchPackages: {
      ...packagesFound([foundPackage({ meta: '{"a": 5}' }), foundPackage({ name: 'b/1', meta: '{"a": 6}' })]),
      filteredUserMetaFacets: [
        ...types.map((type) => ({ path: '/a', sortable: true, ...kinds[type] })),
        { path: '/a/b', sortable: true, ...kinds.text },
      ],
    },
  })

const sentFor = async (query: string, ...types: readonly MetaType[]) => {
  const { search, asked } = await searchAt([registryWith(...types)])
  const answer = await search.search({ scope: 'packages', query: parseQuery(query) })
  return { answer, asked: asked(), filters: asked().at(-1)?.userMetaFilters }
}
const filter = (more: object) => [
  { path: '/a', datetime: null, number: null, text: null, keyword: null, boolean: null, ...more },
]

describe('a condition on a place of user metadata', () => {
  it.each<[string, MetaType, object]>([
    ['meta./a:RNA', 'keyword', { keyword: { terms: ['RNA', 'rna'], wildcard: null } }],
    ['meta./a:(x OR y)', 'keyword', { keyword: { terms: ['x', 'y'], wildcard: null } }],
    ['meta./a:r*', 'keyword', { keyword: { terms: null, wildcard: 'r*' } }],
    ['meta./a:rna', 'text', { text: { queryString: 'rna' } }],
    ['meta./a:"cell line"', 'text', { text: { queryString: '"cell line"' } }],
    ['meta./a:(x OR y)', 'text', { text: { queryString: 'x OR y' } }],
    ['meta./a:5', 'number', { number: { gte: 5, lte: 5 } }],
    ['meta./a:5', 'keyword', { keyword: { terms: ['5'], wildcard: null } }],
    ['meta./a:true', 'boolean', { boolean: { true: true, false: false } }],
    ['meta./a:true', 'keyword', { keyword: { terms: ['true'], wildcard: null } }],
    [
      'meta./a:2024-01-01',
      'datetime',
      { datetime: { gte: '2024-01-01T00:00:00.000Z', lte: '2024-01-01T23:59:59.999Z' } },
    ],
    ['meta./a:2024', 'number', { number: { gte: 2024, lte: 2024 } }],
    ['meta./a:2024', 'datetime', { datetime: { gte: '2024-01-01T00:00:00.000Z', lte: '2024-12-31T23:59:59.999Z' } }],
    ['meta./a:*', 'keyword', { keyword: { terms: null, wildcard: '*' } }],
    ['meta./a:*', 'boolean', { boolean: { true: true, false: true } }],
  ])('%s, where it is a %s, is filtered as such', async (query, type, said) => {
    const { asked, filters } = await sentFor(query, type)
    expect(asked[0]).toEqual({ operation: 'SearchPackageFacets', latestOnly: true, path: '/a' })
    expect(filters).toEqual(filter(said))
  })

  it('is not looked up when a range says what it is', async () => {
    const { asked, filters, answer } = await sentFor('meta./a:>=5 meta./a:<=9')
    expect(asked).toHaveLength(1)
    expect(filters).toEqual([
      ...filter({ number: { gte: 5, lte: null } }),
      ...filter({ number: { gte: null, lte: 9 } }),
    ])
    expect(answer.total).toBe(2)
  })

  it('is checked on the hits behind the twentieth place: no more types are asked for', async () => {
    const places = Array.from({ length: 25 }, (_, at) => `meta./p${at}:5`)
    const { asked, answer } = await sentFor([...places, 'meta./a:5'].join(' '), 'number')
    expect(asked.map(({ operation }) => operation)).toEqual([
      ...Array(20).fill('SearchPackageFacets'),
      'SearchPackages',
    ])
    expect([answer.hits, answer.total]).toEqual([[], 0])
  })

  it('is checked where a bound is left out: between two numbers there are others', async () => {
    const { filters, answer } = await sentFor('meta./a:>5')
    expect(filters).toEqual(filter({ number: { gte: 5, lte: null } }))
    expect(answer.hits).toHaveLength(1)
  })

  it('is checked on the hits where values of several types may fit', async () => {
    const { filters, answer } = await sentFor('meta./a:5', 'number', 'keyword')
    expect([filters, answer.hits.length, answer.total]).toEqual([undefined, 1, 1])
  })

  it('is asked for as a keyword where nothing fits', async () => {
    const { filters } = await sentFor('meta./a:x')
    expect(filters).toEqual(filter({ keyword: { terms: ['x'], wildcard: null } }))
  })
})

describe('facets of metadata', () => {
  const facetsOf = async (path: string | undefined, ...types: readonly MetaType[]) => {
    const stats = {
      modified: { min: '2024-01-01T00:00:00Z', max: '2025-01-01T00:00:00Z' },
      size: { min: 0, max: 9 },
      entries: { min: 1, max: 3 },
      workflow: { values: ['alpha'] },
      userMeta: types.map((type) => ({ path: '/a', sortable: true, ...kinds[type] })),
      userMetaTruncated: true,
    }
    const filteredUserMetaFacets = types.map((type) => ({ path: '/a', sortable: true, ...kinds[type] }))
    const { search, asked } = await searchAt([
      playing({ searchPackages: { ...packagesFound([foundPackage()]), stats, filteredUserMetaFacets } }),
    ])
    const { facets } = await search.search({
      scope: 'packages',
      query: parseQuery('cells'),
      facets: [
        path === undefined ? { field: 'meta' } : { field: 'meta', path },
        { field: 'size' },
        { field: 'workflow' },
      ],
      limit: 0,
    })
    return { facets, asked: asked() }
  }

  it('are the paths there are, with their types', async () => {
    const { facets } = await facetsOf(undefined, 'number', 'keyword')
    expect(facets[0]).toEqual({
      of: { field: 'meta' },
      kind: 'paths',
      paths: [
        { path: '/a', type: 'number' },
        { path: '/a', type: 'keyword' },
      ],
      more: true,
    })
  })

  it.each<[MetaType, object]>([
    ['number', { kind: 'range', min: 1, max: 5 }],
    ['datetime', { kind: 'range', min: '2024-01-01T00:00:00.000Z', max: '2025-01-01T00:00:00.000Z' }],
    ['keyword', { kind: 'values', values: [{ value: 'x' }, { value: 'y' }], more: false }],
    ['boolean', { kind: 'values', values: [], more: true }],
  ])('are, of a %s, what the registry tells of that place, without counts', async (type, facet) => {
    const { facets, asked } = await facetsOf('/a', type)
    expect(facets).toEqual([
      { of: { field: 'meta', path: '/a' }, ...facet },
      { of: { field: 'size' }, kind: 'range', min: 0, max: 9 },
      { of: { field: 'workflow' }, kind: 'values', values: [{ value: 'alpha' }], more: false },
    ])
    expect(asked.map(({ operation, searchString, withStats }) => [operation, searchString, withStats])).toEqual([
      ['SearchPackages', 'cells', true],
      ['SearchPackageFacets', 'cells', undefined],
    ])
  })

  it('are of what was found before a part of the search was checked: that is said', async () => {
    const stats = {
      modified: { min: '2024-01-01T00:00:00Z', max: '2025-01-01T00:00:00Z' },
      size: { min: 0, max: 9 },
      entries: { min: 1, max: 3 },
      workflow: { values: [] },
      userMeta: [],
      userMetaTruncated: false,
    }
    const { search } = await searchAt([playing({ searchPackages: packagesFound([foundPackage()], { stats }) })])
    const query = parseQuery('NOT name:x')
    const { notes } = await search.search({ scope: 'packages', query, facets: [{ field: 'size' }] })
    expect(notes).toEqual([expect.stringContaining('The facets are of all that the registry found')])
  })

  it('are at most twenty: each is a question of its own', async () => {
    const { search, asked } = await searchAt([registryWith('number')])
    const facets = Array.from({ length: 21 }, (_, at) => ({ field: 'meta', path: `/a${at}` }) as const)
    const refused = search.search({ scope: 'packages', query: parseQuery(''), facets })
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('21 facets'),
    })
    expect(asked()).toEqual([])
  })

  it.each([
    ['objects', 'workflow', 'invalid_input'],
    ['packages', 'ext', 'unsupported'],
    ['entries', 'ext', 'unsupported'],
  ] as const)('of %s there is no %s: %s', async (scope, field, code) => {
    const { search } = await searchAt([registryWith()])
    const refused = search.search({ scope, query: parseQuery(''), facets: [{ field }] })
    await expect(refused).rejects.toMatchObject({ code })
  })
})

describe('an order', () => {
  const orderingFor = async (order: Parameters<typeof orderedBy>[0], ...types: readonly MetaType[]) =>
    (await orderedBy(order, ...types)).at(-1)?.ordering
  const orderedBy = async (
    order:
      | { by: 'name' | 'modified' | 'entries'; direction: 'asc' | 'desc' }
      | { by: 'meta'; path: string; direction: 'asc' },
    ...types: readonly MetaType[]
  ) => {
    const { search, asked } = await searchAt([registryWith(...types)])
    await search.search({ scope: 'packages', query: parseQuery(''), order })
    return asked()
  }

  it('is said in the grammar of the registry', async () => {
    expect(await orderingFor({ by: 'modified', direction: 'desc' })).toBe('sys:modified:desc')
    expect(await orderingFor({ by: 'name', direction: 'asc' })).toBe('sys:name:asc')
    expect(await orderingFor({ by: 'entries', direction: 'asc' })).toBe('sys:entries:asc')
  })

  it('by metadata names its type', async () => {
    expect(await orderingFor({ by: 'meta', path: '/a', direction: 'asc' }, 'keyword', 'number')).toBe(
      'usr:/a:number:asc',
    )
  })

  it.each([
    ['objects', 'name', 'invalid_input'],
    ['objects', 'size', 'unsupported'],
    ['entries', 'key', 'unsupported'],
    ['packages', 'key', 'invalid_input'],
  ] as const)('of %s by %s is refused: %s', async (scope, by, code) => {
    const { search } = await searchAt([registryWith()])
    const refused = search.search({ scope, query: parseQuery(''), order: { by, direction: 'asc' } })
    await expect(refused).rejects.toMatchObject({ code, hint: expect.stringContaining('leave the order out') })
  })
})
