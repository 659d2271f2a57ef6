import { parseQuery } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { foundPackage, matchingEntry, packagesFound, playing, searchAt } from './test/playing-registry.js'

const oneFound = (more: object = {}) => playing({ searchPackages: packagesFound([foundPackage(more)]) })

/** What is sent for a search of packages. */
async function sentFor(query: string): Promise<Record<string, unknown>> {
  const { search, asked } = await searchAt([oneFound()])
  await search.search({ scope: 'packages', query: parseQuery(query) })
  const last = asked().at(-1) ?? {}
  const { operation, size, withPage, withStats, latestOnly, ...said } = last
  expect([operation, withPage, withStats, latestOnly]).toEqual(['SearchPackages', true, false, true])
  return said
}

describe('a search of packages', () => {
  it('asks for all that the caller may see, in their latest revisions, the best first', async () => {
    const { search, asked } = await searchAt([oneFound()])
    await search.search({ scope: 'packages', query: parseQuery('') })
    expect(asked()).toEqual([
      { operation: 'SearchPackages', latestOnly: true, size: 100, withPage: true, withStats: false },
    ])
  })

  it('tells of a hit its name, hash, size, date, message, metadata and files', async () => {
    const { search } = await searchAt([
      oneFound({
        comment: 'first import of cells',
        meta: '{"n": 1.0, "big": 12345678901234567890}',
        workflow: { id: 'alpha' },
        matchingEntries: [matchingEntry('raw/a.csv')],
      }),
    ])
    const { hits, total } = await search.search({ scope: 'packages', query: parseQuery('cells') })
    expect(total).toBe(1)
    const [hit] = hits
    expect(hit).toMatchObject({
      kind: 'package',
      bucket: 'lab-a',
      name: 'lab/cells',
      topHash: 'a'.repeat(64),
      pointer: 'latest',
      modified: '2026-01-02T03:04:05.678Z',
      size: 100,
      entries: 2,
      comment: 'first import of cells',
      workflow: 'alpha',
      files: [{ logicalKey: 'raw/a.csv', physicalKey: 's3://lab-a/raw/a.csv?versionId=1', size: 10 }],
      matched: [
        { field: 'name', text: 'lab/cells', words: ['cells'] },
        { field: 'comment', text: 'first import of cells', words: ['cells'] },
      ],
    })
  })

  it.each<[string, Record<string, unknown>]>([
    ['rna', { searchString: 'rna' }],
    ['rna seq', { searchString: 'rna AND seq' }],
    ['"cell line"', { searchString: '"cell line"' }],
    ['foo_bar', { searchString: '"foo_bar"' }],
    ['raw/a.csv', { searchString: '"raw/a.csv"' }],
    ['a:/b', { searchString: '"a:/b"' }],
    ['rna OR dna', { searchString: '(rna OR dna)' }],
    ['pla*', { searchString: 'pla*' }],
    [
      'plate_*.csv',
      {
        searchString:
          '(ptr_name:plate_*.csv OR ptr_name:*\\/plate_*.csv OR entry_lk:plate_*.csv OR entry_lk:*\\/plate_*.csv)',
      },
    ],
    ['name:lab/*', { filter: { name: { wildcard: 'lab/*' } } }],
    ['name:Lab/Cells', { filter: { name: { terms: ['Lab/Cells', 'lab/cells'] } } }],
    ['name:(a/b OR c/d)', { filter: { name: { terms: ['a/b', 'c/d'] } } }],
    ['hash:2a5a67*', { filter: { hash: { wildcard: '2a5a67*' } } }],
    ['workflow:alpha', { filter: { workflow: { terms: ['alpha'] } } }],
    ['size:>10MB', { filter: { size: { gte: 10_000_001 } } }],
    ['size:>10MB size:<=1GB', { filter: { size: { gte: 10_000_001, lte: 1_000_000_000 } } }],
    ['entries:[100 TO 500}', { filter: { entries: { gte: 100, lte: 499 } } }],
    [
      'modified:2025-01-01',
      { filter: { modified: { gte: '2025-01-01T00:00:00.000Z', lte: '2025-01-01T23:59:59.999Z' } } },
    ],
    ['modified:>now-2d', { filter: { modified: { gte: '2026-02-27T12:00:00.001Z' } } }],
    ['comment:"first import"', { filter: { comment: { queryString: '"first import"' } } }],
    ['comment:(first OR NOT second)', { filter: { comment: { queryString: '(first OR (*:* AND NOT second))' } } }],
    ['ext:csv', { searchString: '(entry_lk:*.csv OR entry_lk:*.CSV)' }],
    ['key:raw/*', { searchString: 'entry_lk:raw\\/*' }],
    ['meta:rna', { searchString: 'mnfst_metadata:rna' }],
    ['rna OR comment:seq', { searchString: '(rna OR mnfst_message:seq)' }],
  ])('sends %s', async (query, said) => {
    expect(await sentFor(query)).toEqual(said)
  })
})
