// More than a hundred searches over 5,000 packages and 200,000 files, whose hits are known by plain filters over the generator's own list:
// every backend finds exactly those.
import { parseQuery, type SearchHit, type SearchRequest } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EntrySearch, entrySearches, type ObjectSearch, objectSearches } from './file-searches.js'
import { orders, type PackageSearch, packageSearches, revisionSearches } from './package-searches.js'
import { sampleObjects, samplePackages } from './sample-catalogue.js'
import { latestOf } from './sample-package.js'
import { aSearchWorld, backendNames, type SearchedBackend, type SearchWorld } from './search-world.js'

/** Above that only the first page is looked at, beside the total. */
const mostLookedThrough = 300
const pageSize = 100

let world: SearchWorld
beforeAll(async () => {
  world = await aSearchWorld()
}, 180_000)
afterAll(async () => {
  await world.close()
})

const isRegistry = (backend: SearchedBackend): boolean => backend === 'platform' || backend === 'session'

interface Found {
  readonly total: number | undefined
  readonly ids: readonly string[]
  /** Whether there is more that was not looked through. */
  readonly more: boolean
}

interface Look {
  readonly request: SearchRequest
  /** How many hits there have to be. */
  readonly expected: number
}

/** All pages of a search, or the first one when there is too much to look through. */
async function found(backend: SearchedBackend, { request, expected }: Look): Promise<Found> {
  const { search } = world.backends[backend]
  if (search === undefined) throw new Error(`${backend} does not search`)
  const ids: string[] = []
  for (let cursor: string | undefined; ; ) {
    const answer = await search.search({ limit: pageSize, ...request, cursor })
    ids.push(...answer.hits.map(idOf))
    cursor = answer.cursor
    const more = cursor !== undefined
    if (!more || expected > mostLookedThrough || ids.length > expected) {
      return { total: answer.total, ids, more }
    }
  }
}

const idOf = (hit: SearchHit): string => {
  if (hit.kind === 'package') return hit.name
  return hit.kind === 'entry' ? `${hit.name}/${hit.logicalKey}` : hit.key
}

/** Nothing else, nothing twice. */
function expectOnly({ ids }: Found, expected: readonly string[]): void {
  const all = new Set(expected)
  expect(ids.filter((id) => !all.has(id))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
}

/** And nothing left out. A registry does not know the total where a part of the search is checked on what it finds. */
function expectExactly(result: Found, expected: readonly string[]): void {
  const { total, ids, more } = result
  expectOnly(result, expected)
  expect(ids).toHaveLength(more ? pageSize : expected.length)
  if (total !== undefined) expect(total).toBe(expected.length)
}

const files = samplePackages.flatMap((of) => latestOf(of).entries.map((entry) => ({ entry, of })))
const expectations = new Map<object, readonly string[]>()

/** What a search has to find: looked for once, for all backends. */
function expectedOf(search: object, look: () => readonly string[]): readonly string[] {
  const known = expectations.get(search) ?? look()
  expectations.set(search, known)
  return known
}
const expectedPackages = (search: PackageSearch) =>
  expectedOf(search, () => {
    const { finds } = search
    return typeof finds === 'function' ? samplePackages.filter(finds).map(({ name }) => name) : finds
  })
const expectedFiles = (search: EntrySearch) =>
  expectedOf(search, () =>
    files.filter(({ entry, of }) => search.finds(entry, of)).map(({ entry, of }) => `${of.name}/${entry.key}`),
  )
const expectedObjects = (search: ObjectSearch) =>
  expectedOf(search, () => sampleObjects.filter(search.finds).map(({ key }) => key))

it('the catalogue has 5,000 packages with at least 200,000 files', () => {
  expect(samplePackages).toHaveLength(5_000)
  expect(files.length).toBeGreaterThan(200_000)
})

describe.each(backendNames)('%s', (backend) => {
  it('indexes the catalogue, and answers while it does', async () => {
    const isReady = async (scope: SearchRequest['scope']): Promise<boolean> => {
      const { search } = world.backends[backend]
      const answer = await search?.search({ scope, query: parseQuery(''), limit: 1 })
      expect(answer?.leftOut).toEqual([])
      return answer?.indexing === undefined && answer?.total === (scope === 'packages' ? 5_000 : sampleObjects.length)
    }
    await expect.poll(() => isReady('packages'), { timeout: 170_000, interval: 200 }).toBe(true)
    await expect.poll(() => isReady('objects'), { timeout: 170_000, interval: 200 }).toBe(true)
  }, 180_000)

  const ofPackages = packageSearches.filter(({ indexOnly = false }) => !(indexOnly && isRegistry(backend)))
  it.each(ofPackages)('packages: $query', async (search) => {
    const expected = expectedPackages(search)
    const request: SearchRequest = { scope: 'packages', query: parseQuery(search.query) }
    expectExactly(await found(backend, { request, expected: expected.length }), expected)
  })

  it.each(revisionSearches)('all revisions: $query', async ({ query, finds }) => {
    const { search } = world.backends[backend]
    const answer = await search?.search({ scope: 'packages', query: parseQuery(query), allRevisions: true })
    const told = answer?.hits.map((hit) => hit.kind === 'package' && `${hit.name}: ${hit.comment}`).sort()
    expect(told).toEqual([...finds].sort())
  })

  it.each(orders)('orders by $order', async ({ order, names }) => {
    const request: SearchRequest = { scope: 'packages', query: parseQuery('name:planted/*'), order }
    const { ids } = await found(backend, { request, expected: names.length })
    expect(ids.slice(0, names.length)).toEqual(names)
  })

  const ofFiles = entrySearches.filter(({ indexOnly = false }) => !(indexOnly && isRegistry(backend)))
  it.each(ofFiles)('files: $query', async (search) => {
    const expected = expectedFiles(search)
    const request: SearchRequest = { scope: 'entries', query: parseQuery(search.query) }
    // A registry finds packages, and tells only some of their files.
    if (isRegistry(backend)) expectOnly(await found(backend, { request, expected: Number.POSITIVE_INFINITY }), expected)
    else expectExactly(await found(backend, { request, expected: expected.length }), expected)
  })

  it.each(objectSearches)('objects: $query', async (search) => {
    const expected = expectedObjects(search)
    const request: SearchRequest = { scope: 'objects', query: parseQuery(search.query) }
    expectExactly(await found(backend, { request, expected: expected.length }), expected)
  })
})
