import { parseQuery } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { foundPackage, matchingEntry, packagesFound, packagesPage, playing, searchAt } from './test/playing-registry.js'

async function sentFor(query: string): Promise<Record<string, unknown>> {
  const { search, asked } = await searchAt([playing({ searchPackages: packagesFound([]) })])
  await search.search({ scope: 'entries', query: parseQuery(query) })
  const { operation, size, withPage, withStats, latestOnly, ...said } = asked()[0] ?? {}
  expect([operation, size, withPage, withStats, latestOnly]).toEqual(['SearchPackages', 100, true, false, true])
  return said
}

describe('a search of the files of packages', () => {
  it.each<[string, object]>([
    ['cells', { searchString: '(entry_lk.text:cells OR entry_metadata:cells)' }],
    ['plate_*.csv', { searchString: '(entry_lk:plate_*.csv OR entry_lk:*\\/plate_*.csv)' }],
    ['key:raw/* ext:csv', { searchString: 'entry_lk:raw\\/* AND (entry_lk:*.csv OR entry_lk:*.CSV)' }],
    ['size:>1KB', { searchString: 'entry_size:[1001 TO *]' }],
    ['meta./a:x', { searchString: 'entry_metadata:"x"' }],
    ['NOT key:raw/*', { searchString: 'entry_lk:* AND NOT entry_lk:raw\\/*' }],
    ['name:lab/* key:a', { searchString: 'entry_lk:"a"', filter: { name: { wildcard: 'lab/*' } } }],
    ['name:lab/*', { searchString: 'entry_lk:*', filter: { name: { wildcard: 'lab/*' } } }],
    ['name:a OR key:b', { searchString: 'entry_lk:*' }],
  ])('sends %s', async (query, said) => {
    expect(await sentFor(query)).toEqual(said)
  })

  it('tells the files that fit, and that there may be others', async () => {
    const { search } = await searchAt([
      playing({
        searchPackages: packagesFound([
          foundPackage({
            matchingEntries: [
              matchingEntry('raw/cells.csv', { meta: '{"user_meta": {"n": 1}}' }),
              matchingEntry('raw/cells.txt'),
            ],
          }),
        ]),
      }),
    ])
    const { hits, total, notes } = await search.search({ scope: 'entries', query: parseQuery('cells ext:csv') })
    expect(hits).toMatchObject([
      {
        kind: 'entry',
        bucket: 'lab-a',
        name: 'lab/cells',
        topHash: 'a'.repeat(64),
        logicalKey: 'raw/cells.csv',
        physicalKey: 's3://lab-a/raw/cells.csv?versionId=1',
        size: 10,
        modified: '2026-01-02T03:04:05.678Z',
        matched: [{ field: 'key', text: 'raw/cells.csv' }],
      },
    ])
    expect([total, notes]).toEqual([undefined, [expect.stringContaining('only some of the files')]])
  })

  it('goes on between two files of one package', async () => {
    const page = [
      foundPackage({ matchingEntries: ['a.csv', 'b.csv', 'c.csv'].map((key) => matchingEntry(key)) }),
      foundPackage({ name: 'lab/more', matchingEntries: [matchingEntry('d.csv')] }),
    ]
    const { search } = await searchAt([
      playing({
        searchPackages: packagesFound(page, { cursor: 'next' }),
        searchMorePackages: packagesPage([foundPackage({ matchingEntries: [matchingEntry('e.csv')] })]),
      }),
    ])
    const keys: string[] = []
    let cursor: string | undefined
    do {
      const answer = await search.search({ scope: 'entries', query: parseQuery('ext:csv'), limit: 2, cursor })
      keys.push(...answer.hits.map((hit) => (hit.kind === 'entry' ? hit.logicalKey : '')))
      cursor = answer.cursor
    } while (cursor !== undefined)
    expect(keys).toEqual(['a.csv', 'b.csv', 'c.csv', 'd.csv', 'e.csv'])
  })
})
