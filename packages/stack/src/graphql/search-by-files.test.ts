// Searching packages by what only their files have (formats.md 6.3).
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { TestRegistry } from './test/registry.js'
import { morePackages, packagesQuery, pages } from './test/search.js'
import { aSearchedRegistry } from './test/searched-registry.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = (await aSearchedRegistry()).registry
})
afterAll(() => registry.close())

describe('packages by what only files have', () => {
  const page = `firstPage(size: 1) { ... on PackagesSearchResultSetPage { cursor hits { name matchingEntries { logicalKey } } } }`
  const filesFound = (variables: object) => registry.field(registry.ada, packagesQuery(`total ${page}`), variables)

  it.each([
    [
      'metadata of a file',
      'entry_metadata:a1',
      { name: 'team/rna', matchingEntries: [{ logicalKey: 'counts/a.csv' }] },
    ],
    [
      'what they are not',
      'entry_lk:* AND NOT entry_lk:*.csv AND NOT (entry_lk:*.fastq)',
      { name: 'team/rna', matchingEntries: [{ logicalKey: 'readme.md' }] },
    ],
    ['words of a key', 'entry_lk.text:readme', { name: 'team/rna', matchingEntries: [{ logicalKey: 'readme.md' }] }],
    [
      'size',
      'entry_size:[1 TO 19] AND entry_lk:reads/*',
      { name: 'team/atac', matchingEntries: [{ logicalKey: 'reads/brain_1.fastq' }] },
    ],
  ])('are found with the files that fit: %s', async (_by, searchString, hit) => {
    expect(await filesFound({ searchString })).toEqual({
      __typename: 'PackagesSearchResultSet',
      total: -1,
      firstPage: { cursor: null, hits: [hit] },
    })
  })

  it('come page after page; nothing is nothing', async () => {
    const { firstPage } = pages.parse(await filesFound({ searchString: 'entry_size:19' }))
    const seen = [...firstPage.hits]
    const more = await registry.field(registry.ada, morePackages, { after: firstPage.cursor })
    const { hits, cursor } = z.object({ hits: z.array(z.object({ name: z.string() })), cursor: z.null() }).parse(more)
    expect([...seen, ...hits].map((hit) => z.object({ name: z.string() }).parse(hit).name).toSorted()).toEqual([
      'team/atac',
      'team/rna',
    ])
    expect(cursor).toBeNull()
    expect(await filesFound({ searchString: 'entry_size:19 AND size:>100' })).toEqual({
      __typename: 'EmptySearchResultSet',
    })
    expect(await filesFound({ searchString: 'entry_size:20' })).toEqual({ __typename: 'EmptySearchResultSet' })
  })
})
