import type { SearchHit } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientOf, type World } from '../test/world.js'
import { aClimateWorld } from './test/climate-world.js'

let world: World
beforeAll(async () => {
  world = await aClimateWorld()
})
afterAll(() => world.close())

const search = (args: Record<string, unknown>) => world.ada.ok('search_catalog', args)

describe('a page of search_catalog', () => {
  it('tells facets, marked as users wrote them', async () => {
    const { facets } = await search({ query: 'name:climate/*', facets: ['ext', 'meta', 'meta.station', 'entries'] })
    expect(facets).toEqual([
      {
        field: 'ext',
        values: {
          untrusted: [
            { value: 'csv', count: 2 },
            { value: 'json', count: 1 },
            { value: 'txt', count: 1 },
          ],
        },
      },
      {
        field: 'meta',
        paths: {
          untrusted: expect.arrayContaining([
            { path: 'meta./station', type: 'keyword' },
            { path: 'meta./years', type: 'number' },
          ]),
        },
      },
      {
        field: 'meta./station',
        values: {
          untrusted: [
            { value: 'Mauna Loa', count: 1 },
            { value: 'Seattle', count: 1 },
          ],
        },
      },
      { field: 'entries', min: 2, max: 2 },
    ])
  })

  it('counts without showing', async () => {
    expect(await search({ query: 'name:climate/*', count_only: true, facets: ['entries'] })).toMatchObject({
      hits: [],
      total: 2,
      facets: [{ field: 'entries', min: 2, max: 2 }],
    })
  })

  it('goes on where the page before ended', async () => {
    const first = await search({ query: 'name:*', sort: 'name:asc', limit: 3, facets: ['entries'] })
    expect(first).toMatchObject({ total: 4, hits: [{ name: 'climate/co2' }, { name: 'climate/weather' }, {}] })
    const second = await search({
      query: 'name:*',
      sort: 'name:asc',
      limit: 3,
      cursor: first.cursor,
      facets: ['entries'],
    })
    expect(second).toMatchObject({ total: 4, hits: [{ name: 'study/disposable' }] })
    expect(second).not.toHaveProperty('cursor')
    expect(second).not.toHaveProperty('facets')
  })

  it('cuts a page that is too long between two hits, and goes on there', async () => {
    const long = (at: number): SearchHit => ({
      kind: 'package',
      bucket: 'lab-a',
      name: `lab/p${at}`,
      topHash: 'a'.repeat(64),
      pointer: 'latest',
      comment: 'x'.repeat(900),
      matched: [],
    })
    const hits = Array.from({ length: 40 }, (_, at) => long(at))
    const answer = { hits, total: 40, facets: [], leftOut: [], notes: [], sent: [] }
    const client = clientOf({ ...world.ada.backend, search: { search: () => Promise.resolve(answer) } }, 'ada')
    const seen: unknown[] = []
    let cursor: unknown
    do {
      const page = await client.ok('search_catalog', { limit: 40, ...(cursor !== undefined && { cursor }) })
      expect(page.total).toBe(40)
      seen.push(...(Array.isArray(page.hits) ? page.hits.map(({ name }) => name) : []))
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(seen).toEqual(hits.map((_, at) => `lab/p${at}`))
  })
})
