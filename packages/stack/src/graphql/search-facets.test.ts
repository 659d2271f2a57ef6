// What a search tells of all that it found (formats.md 7.5).
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { TestRegistry } from './test/registry.js'
import { packagesQuery } from './test/search.js'
import { aSearchedRegistry } from './test/searched-registry.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = (await aSearchedRegistry()).registry
})
afterAll(() => registry.close())

async function pathsAt(path: string, type: string | null): Promise<readonly string[]> {
  const facets = `filteredUserMetaFacets(path: ${JSON.stringify(path)}, type: ${type}) { ... on IPackageUserMetaFacet { path } }`
  const { filteredUserMetaFacets } = z
    .object({ filteredUserMetaFacets: z.array(z.object({ path: z.string() })) })
    .parse(await registry.field(registry.ada, packagesQuery(facets), {}))
  return filteredUserMetaFacets.map((facet) => facet.path)
}

describe('packages', () => {
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
    ['*/A?SAY', null, ['/assay']],
    ['*/A?s*', null, ['/assay']],
  ])('have facets at %s of type %s', async (path, type, expected) => {
    expect(await pathsAt(path, type)).toEqual(expected)
  })

  it('have facets by patterns with many stars, as fast as by others', async () => {
    const key = 'a'.repeat(100)
    await registry.construct(registry.ada, { bucket: 'lab-a', name: 'x/y', message: null, userMeta: { [key]: 1 } }, [])
    expect(await pathsAt('*a'.repeat(40), null)).toEqual([`/${key}`])
    expect(await pathsAt(`${'*a'.repeat(40)}b`, null)).toEqual([])
  })
})
