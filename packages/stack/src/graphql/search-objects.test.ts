// Searching objects through GraphQL (formats.md 7.5).
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestRegistry } from './test/registry.js'
import { keysFound, objectsQuery } from './test/search.js'
import { aSearchedRegistry } from './test/searched-registry.js'

let registry: TestRegistry
let versions: ReadonlyMap<string, string>
beforeAll(async () => {
  ;({ registry, versions } = await aSearchedRegistry())
})
afterAll(() => registry.close())

const keys = (variables: object, order?: string) => keysFound(registry, registry.ada, variables, order)

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
