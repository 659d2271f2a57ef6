// More than a hundred searches over 5,000 packages and 200,000 files, whose hits are known by plain filters over the generator's own list:
// every backend finds exactly those.
import { parseQuery, type SearchHit, type SearchRequest } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entrySearches, objectSearches } from './file-searches.js'
import { orders, packageSearches, revisionSearches } from './package-searches.js'
import { sampleObjects, samplePackages } from './sample-catalogue.js'
import { latestOf } from './sample-package.js'
import { aSearchWorld, backendNames, type SearchedBackend, type SearchWorld } from './search-world.js'

/** Above that only the first page is looked at, beside the total. */
const mostLookedThrough = 1_500

let world: SearchWorld
beforeAll(async () => {
  world = await aSearchWorld()
}, 180_000)
afterAll(async () => {
  await world.close()
})

interface Found {
  readonly total: number | undefined
  readonly hits: readonly SearchHit[]
}

/** All pages of a search, or the first one when there is more to be found than is looked through. */
async function found(backend: SearchedBackend, request: SearchRequest): Promise<Found> {
  const { search } = world.backends[backend]
  if (search === undefined) throw new Error(`${backend} does not search`)
  const hits: SearchHit[] = []
  for (let cursor: string | undefined; ; ) {
    const answer = await search.search({ limit: 1_000, ...request, cursor })
    hits.push(...answer.hits)
    cursor = answer.cursor
    if (cursor === undefined || (answer.total ?? 0) > mostLookedThrough) return { total: answer.total, hits }
  }
}

const idOf = (hit: SearchHit): string => {
  if (hit.kind === 'package') return hit.name
  return hit.kind === 'entry' ? `${hit.name}/${hit.logicalKey}` : hit.key
}

function expectExactly({ total, hits }: Found, expected: readonly string[]): void {
  const ids = hits.map(idOf)
  expect(total).toBe(expected.length)
  if (expected.length > mostLookedThrough) {
    const all = new Set(expected)
    expect(ids.filter((id) => !all.has(id))).toEqual([])
    expect(new Set(ids).size).toBe(1_000)
  } else expect([...ids].sort()).toEqual([...expected].sort())
}

const files = samplePackages.flatMap((of) => latestOf(of).entries.map((entry) => ({ entry, of })))

it('the catalogue has 5,000 packages with at least 200,000 files', () => {
  expect(samplePackages).toHaveLength(5_000)
  expect(files.length).toBeGreaterThan(200_000)
})

describe.each(backendNames)('%s', (backend) => {
  it('indexes the catalogue, and answers while it does', async () => {
    const isReady = async (scope: SearchRequest['scope']): Promise<boolean> => {
      const { search } = world.backends[backend]
      const answer = await search?.search({ scope, query: parseQuery(''), limit: 0 })
      expect(answer?.leftOut).toEqual([])
      return answer?.indexing === undefined
    }
    await expect.poll(() => isReady('packages'), { timeout: 170_000, interval: 200 }).toBe(true)
    await expect.poll(() => isReady('objects'), { timeout: 170_000, interval: 200 }).toBe(true)
  }, 180_000)

  it.each(packageSearches)('packages: $query', async ({ query, finds }) => {
    const isFound = typeof finds === 'function' ? finds : ({ name }: { name: string }) => finds.includes(name)
    const expected = samplePackages.filter(isFound).map(({ name }) => name)
    expectExactly(await found(backend, { scope: 'packages', query: parseQuery(query) }), expected)
  })

  it.each(revisionSearches)('all revisions: $query', async ({ query, finds }) => {
    const { hits } = await found(backend, { scope: 'packages', query: parseQuery(query), allRevisions: true })
    expect(hits.map((hit) => hit.kind === 'package' && `${hit.name}: ${hit.comment}`).sort()).toEqual([...finds].sort())
  })

  it.each(orders)('orders by $order', async ({ order, names }) => {
    const { hits } = await found(backend, { scope: 'packages', query: parseQuery('name:planted/*'), order })
    expect(hits.map(idOf).slice(0, names.length)).toEqual(names)
  })

  it.each(entrySearches)('files: $query', async ({ query, finds }) => {
    const expected = files.filter(({ entry, of }) => finds(entry, of)).map(({ entry, of }) => `${of.name}/${entry.key}`)
    expectExactly(await found(backend, { scope: 'entries', query: parseQuery(query) }), expected)
  })

  it.each(objectSearches)('objects: $query', async ({ query, finds }) => {
    const expected = sampleObjects.filter(finds).map(({ key }) => key)
    expectExactly(await found(backend, { scope: 'objects', query: parseQuery(query) }), expected)
  })
})
