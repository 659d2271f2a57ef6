import { parseQuery } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { foundObject, objectsFound, playing, searchAt } from './test/playing-registry.js'

const present = { deleted: { true: false, false: true } }

async function sentFor(query: string): Promise<Record<string, unknown>> {
  const { search, asked } = await searchAt([playing({ searchObjects: objectsFound([foundObject('a.csv')]) })])
  await search.search({ scope: 'objects', query: parseQuery(query) })
  const { operation, size, withPage, withStats, order, ...said } = asked()[0] ?? {}
  expect([operation, size, withPage, withStats, order]).toEqual(['SearchObjects', 100, true, false, 'BEST_MATCH'])
  return said
}

describe('a search of objects', () => {
  it('tells of a hit its version, size, date, and what in it matched', async () => {
    const { search } = await searchAt([
      playing({
        searchObjects: objectsFound([
          foundObject('raw/cells.csv', { indexedContent: 'the cells of a line' }),
          foundObject('raw/cells.txt', { version: 'null', deleted: true }),
        ]),
      }),
    ])
    const { hits } = await search.search({ scope: 'objects', query: parseQuery('cells') })
    expect(hits).toEqual([
      {
        kind: 'object',
        bucket: 'lab-a',
        key: 'raw/cells.csv',
        versionId: 'v1',
        size: 10,
        modified: '2026-01-02T03:04:05.000Z',
        matched: [
          { field: 'key', text: 'raw/cells.csv', words: ['cells'] },
          { field: 'content', text: 'the cells of a line', words: ['cells'] },
        ],
      },
      {
        kind: 'object',
        bucket: 'lab-a',
        key: 'raw/cells.txt',
        size: 10,
        modified: '2026-01-02T03:04:05.000Z',
        deleted: true,
        matched: [{ field: 'key', text: 'raw/cells.txt', words: ['cells'] }],
      },
    ])
  })

  it.each<[string, object, string?]>([
    ['', present],
    ['cells rna', present, 'cells AND rna'],
    ['ext:CSV', { ...present, ext: { terms: ['.csv', 'csv'] } }],
    ['ext:(csv OR tsv)', { ...present, ext: { terms: ['.csv', 'csv', '.tsv', 'tsv'] } }],
    ['ext:csv.gz', present, '(ext:".csv.gz" OR ext:"csv.gz" OR key:*.csv.gz OR key:*.CSV.GZ)'],
    ['ext:c*', present, '(ext:.c* OR ext:c*)'],
    ['ext:*', present, 'ext:?*'],
    ['key:raw/*', { ...present, key: { wildcard: 'raw/*' } }],
    ['key:raw/* key:*.csv', { ...present, key: { wildcard: 'raw/*' } }, 'key:*.csv'],
    ['key:"a b"', { ...present, key: { terms: ['a b'] } }],
    ['content:"cell line"', { ...present, content: { queryString: '"cell line"' } }],
    ['size:>1KB modified:<2025', { ...present, size: { gte: 1_001 }, modified: { lte: '2024-12-31T23:59:59.999Z' } }],
    ['deleted:true', { deleted: { true: true, false: false } }],
    ['NOT deleted:true', {}, 'NOT delete_marker:true'],
    ['NOT ext:csv', present, 'NOT (ext:".csv" OR ext:"csv")'],
    ['cells OR size:>1KB', present, '(cells OR size:[1001 TO *])'],
    ['cells OR NOT key:raw/*', present, '(cells OR (*:* AND NOT key:raw\\/*))'],
    [
      '(cells modified:2025) OR key:"a \\"b\\""',
      present,
      '((cells AND last_modified:["2025-01-01T00:00:00.000Z" TO "2025-12-31T23:59:59.999Z"]) OR key:"a \\"b\\"")',
    ],
    ['plate_?.csv', present, '(key:plate_?.csv OR key:*\\/plate_?.csv)'],
  ])('sends %s', async (query, filter, searchString) => {
    expect(await sentFor(query)).toEqual({
      ...(Object.keys(filter).length === 0 ? {} : { filter }),
      ...(searchString === undefined ? {} : { searchString }),
    })
  })

  it('tells the extensions, sizes and dates of all that is found', async () => {
    const stats = {
      modified: { min: '2024-01-01T00:00:00Z', max: '2025-01-01T00:00:00Z' },
      size: { min: 0, max: 9 },
      ext: { values: ['.csv', '', '.csv.gz'] },
    }
    const { search, asked } = await searchAt([playing({ searchObjects: objectsFound([], { stats, total: 7 }) })])
    const answer = await search.search({
      scope: 'objects',
      query: parseQuery('cells'),
      limit: 0,
      facets: [{ field: 'ext' }, { field: 'size' }, { field: 'modified' }],
    })
    expect(answer).toMatchObject({
      total: 7,
      facets: [
        { kind: 'values', values: [{ value: 'csv' }, { value: 'csv.gz' }] },
        { kind: 'range', min: 0, max: 9 },
        { kind: 'range', min: '2024-01-01T00:00:00.000Z', max: '2025-01-01T00:00:00.000Z' },
      ],
    })
    expect(asked()).toHaveLength(1)
  })

  it.each([
    ['modified', 'desc', 'NEWEST'],
    ['modified', 'asc', 'OLDEST'],
    ['key', 'asc', 'LEX_ASC'],
    ['key', 'desc', 'LEX_DESC'],
  ] as const)('by %s, %s, is asked for as %s', async (by, direction, said) => {
    const { search, asked } = await searchAt([playing({ searchObjects: objectsFound([]) })])
    await search.search({ scope: 'objects', query: parseQuery(''), order: { by, direction } })
    expect(asked()[0]?.order).toBe(said)
  })

  it('goes on by the registry', async () => {
    const { search, asked } = await searchAt([
      playing({
        searchObjects: objectsFound([foundObject('a'), foundObject('b')], { total: 3, cursor: 'next' }),
        searchMoreObjects: { __typename: 'ObjectsSearchResultSetPage', cursor: null, hits: [foundObject('c')] },
      }),
    ])
    const { hits, total, cursor } = await search.search({ scope: 'objects', query: parseQuery(''), limit: 3 })
    expect([hits.length, total, cursor]).toEqual([3, 3, undefined])
    expect(asked()[1]).toEqual({ operation: 'SearchMoreObjects', after: 'next', size: 1 })
  })

  it('of a field that objects do not have is refused', async () => {
    const { search } = await searchAt([playing({})])
    const refused = search.search({ scope: 'objects', query: parseQuery('comment:x') })
    await expect(refused).rejects.toMatchObject({ code: 'invalid_input' })
  })
})
