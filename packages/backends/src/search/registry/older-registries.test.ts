import { parseQuery } from '@quilt-mcp/core'
import { buildSchema, parse, printSchema, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { type Answer, json, text } from '../../test/fault-server.js'
import { olderSearchPackagesQuery } from './older-search-packages.js'
import { createSearchForms } from './search-forms.js'
import {
  foundObject,
  foundPackage,
  objectsFound,
  packagesFound,
  playing,
  registrySchema,
  searchAt,
} from './test/playing-registry.js'

const printed = printSchema(registrySchema)
/** As stacks had it before packages could be ordered by everything. */
const olderSchema = buildSchema(
  printed.replace(
    'firstPage(size: Int = 30, ordering: PackageOrdering): PackagesFirstPageResult!',
    'firstPage(size: Int = 30, order: SearchResultOrder): PackagesSearchResultSetPage!',
  ),
)
const searchless = buildSchema(printed.replace(/^ {2}search(?:More)?(?:Objects|Packages)\([^)]*\): .*$/gm, ''))

const played = {
  buckets: ['lab-a', 'lab-a-raw'].map((name) => ({
    name,
    title: name,
    relevanceScore: 1,
    browsable: true,
    collaborators: [],
  })),
  searchPackages: packagesFound([foundPackage()], { total: 7 }),
}

describe('a registry whose first page has no ordering', () => {
  it('has a search of its own, which is right for it', () => {
    expect(validate(olderSchema, parse(olderSearchPackagesQuery.document))).toEqual([])
    expect(validate(registrySchema, parse(olderSearchPackagesQuery.document))).not.toEqual([])
  })

  it('is recognised once, by all who share what is known of registries', async () => {
    const forms = createSearchForms()
    const { search, asked } = await searchAt([playing(played, olderSchema)], { forms })
    const request = { scope: 'packages', query: parseQuery('cells') } as const
    for (let time = 0; time < 2; time += 1) expect(await search.search(request)).toMatchObject({ total: 7 })
    expect(asked().map((sent) => ['ordering' in sent, sent.order])).toEqual([
      [false, undefined],
      [false, 'BEST_MATCH'],
      [false, 'BEST_MATCH'],
    ])
  })

  it('is recognised by an Internal Server Error, too', async () => {
    for (const broken of [
      json({ errors: [{ message: 'Internal Server Error' }] }),
      text('Internal Server Error', 500),
    ]) {
      const { search } = await searchAt([broken, playing(played, olderSchema)])
      expect(await search.search({ scope: 'packages', query: parseQuery('cells') })).toMatchObject({ total: 7 })
    }
  })

  it('is not taken for one when it only failed once', async () => {
    const forms = createSearchForms()
    const { search, server } = await searchAt([json({ errors: [{ message: 'busy' }] }), playing(played)], { forms })
    const request = { scope: 'packages', query: parseQuery('cells') } as const
    await expect(search.search(request)).rejects.toMatchObject({ code: 'upstream', details: { errors: ['busy'] } })
    expect(forms.of(server.url)).toBeUndefined()
    expect(await search.search(request)).toMatchObject({ total: 7 })
    expect(forms.of(server.url)).toBe('ordering')
  })

  it('is recognised when it finds something: where nothing is found it makes no first page', async () => {
    const forms = createSearchForms()
    const nothing = playing({ searchPackages: { __typename: 'EmptySearchResultSet', _: null } })
    const broken = json({ errors: [{ message: 'Internal Server Error' }] })
    const { search } = await searchAt([nothing, broken, playing(played, olderSchema)], { forms })
    const request = { scope: 'packages', query: parseQuery('cells') } as const
    expect(await search.search(request)).toMatchObject({ total: 0 })
    expect(await search.search(request)).toMatchObject({ total: 7 })
  })

  it('has few orders, and says which', async () => {
    const { search, asked } = await searchAt([playing(played, olderSchema)])
    const ordered = (by: 'modified' | 'size') =>
      search.search({ scope: 'packages', query: parseQuery(''), order: { by, direction: 'desc' } })
    await ordered('modified')
    expect(asked().at(-1)?.order).toBe('NEWEST')
    await expect(ordered('size')).rejects.toMatchObject({
      code: 'unsupported',
      details: { orders: ['name', 'modified'] },
    })
  })
})

describe('a registry without search by GraphQL', () => {
  const hit = (index: string, key: string) => ({
    _index: index,
    _source: { key, size: 3, last_modified: '2026-01-02T03:04:05+00:00', version_id: 'v1' },
  })
  const found = (hits: readonly object[], total: unknown = hits.length) => json({ hits: { total, hits } })

  it('is searched for objects through /api/search, and remembered', async () => {
    const { search, asked } = await searchAt([
      playing(played, searchless),
      playing(played, searchless),
      found([hit('lab-a', 'x.csv'), hit('lab-a-raw-reindex-1', 'y.csv')], { value: 2, relation: 'eq' }),
      playing(played, searchless),
      found([]),
    ])
    const request = { scope: 'objects', query: parseQuery('cells ext:csv size:>1KB') } as const
    const answer = await search.search(request)
    expect(answer.hits).toMatchObject([
      { bucket: 'lab-a', key: 'x.csv', versionId: 'v1', size: 3, modified: '2026-01-02T03:04:05.000Z' },
      { bucket: 'lab-a-raw', key: 'y.csv' },
    ])
    expect([answer.total, answer.notes]).toEqual([2, [expect.stringContaining('older')]])
    const asking = new URL(String(asked()[2]?.request).slice(4), 'http://registry')
    expect([asking.pathname, Object.fromEntries(asking.searchParams)]).toEqual([
      '/api/search',
      {
        index: 'lab-a,lab-a-raw',
        action: 'search',
        query: 'cells AND (ext:".csv" OR ext:"csv") AND size:[1001 TO *] AND NOT delete_marker:true',
        from: '0',
        size: '100',
        _source: 'key,size,last_modified,version_id,delete_marker',
        filter_path: 'hits.total,hits.hits._index,hits.hits._source',
      },
    ])
    await search.search(request)
    expect(asked().map(({ operation, request: sent }) => operation ?? String(sent).slice(0, 15))).toEqual([
      'SearchObjects',
      'Buckets',
      'GET /api/search',
      'Buckets',
      'GET /api/search',
    ])
  })

  it('has pages, and no totals where they are not known', async () => {
    const forms = createSearchForms()
    const page = ['0', '1'].map((key) => hit('lab-a', key))
    const list = playing(played, searchless)
    const { search, server, asked } = await searchAt(
      [list, found(page, -1), list, found(page.slice(1), { value: 9, relation: 'gte' })],
      { forms },
    )
    forms.remember(server.url, 'rest')
    const request = { scope: 'objects', query: parseQuery('deleted:false'), buckets: ['lab-a'], limit: 2 } as const
    const first = await search.search(request)
    const second = await search.search({ ...request, cursor: first.cursor })
    expect([first.total, second.total, second.hits.length, second.cursor]).toEqual([undefined, undefined, 1, undefined])
    expect(asked()[3]?.request).toContain('query=delete_marker%3Afalse&from=2&size=2&')
  })

  it('goes on with a page of another replica, which knew what this registry is', async () => {
    const [known, unknown] = [createSearchForms(), createSearchForms()]
    const list = playing(played, searchless)
    const page = found(['0', '1'].map((key) => hit('lab-a', key)))
    const one = await searchAt([list, page], { forms: known })
    known.remember(one.server.url, 'rest')
    const request = { scope: 'objects', query: parseQuery('cells'), buckets: ['lab-a'], limit: 2 } as const
    const { cursor } = await one.search.search(request)
    const other = await searchAt([list, list, found([hit('lab-a', '2')])], { forms: unknown })
    const second = await other.search.search({ ...request, cursor })
    expect(second.hits).toMatchObject([{ key: '2' }])
    expect(other.asked().at(-1)?.request).toContain('&from=2&')
  })

  it('refuses the cursor of a registry that has it', async () => {
    const forms = createSearchForms()
    const now = await searchAt([
      playing({ ...played, searchObjects: objectsFound([foundObject('0')], { cursor: 'c2d' }) }),
    ])
    const request = { scope: 'objects', query: parseQuery('cells'), limit: 1 } as const
    const { cursor } = await now.search.search(request)
    const { search, server } = await searchAt([playing(played, searchless), found([])], { forms })
    forms.remember(server.url, 'rest')
    await expect(search.search({ ...request, cursor })).rejects.toMatchObject({
      code: 'invalid_input',
      message: 'The cursor does not belong to this list',
    })
  })

  it('is searched without the buckets that it refuses, and says which', async () => {
    const forms = createSearchForms()
    const list = playing(played, searchless)
    const objects: Answer = (request, ...rest) => {
      const mayBe = request.url?.includes('index=lab-a&')
      return (mayBe ? found([hit('lab-a', 'x.csv')]) : json({ message: 'Forbidden' }, 403))(request, ...rest)
    }
    const { search, server, asked } = await searchAt([list, objects], { forms })
    forms.remember(server.url, 'rest')
    const answer = await search.search({ scope: 'objects', query: parseQuery('cells') })
    expect(answer.hits).toMatchObject([{ bucket: 'lab-a', key: 'x.csv' }])
    expect(answer.leftOut).toEqual([{ bucket: 'lab-a-raw', why: 'Your role may not search it' }])
    expect(asked().at(-1)?.request).toContain('index=lab-a&')
  })

  it.each([
    { scope: 'packages' },
    { scope: 'entries' },
    { scope: 'objects', order: { by: 'key', direction: 'asc' } },
    { scope: 'objects', facets: [{ field: 'ext' }] },
  ] as const)('cannot do %j, and says so', async (more) => {
    const { search } = await searchAt([playing(played, searchless)])
    const refused = search.search({ query: parseQuery('cells'), ...more })
    await expect(refused).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('too old') })
  })
})
