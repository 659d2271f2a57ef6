// Two tenants who search: what each is shown, and how one tries to see what is the other's.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aRegistry, type TestRegistry } from './test/registry.js'
import { keysFound, namesFound, objectsQuery, packagesQuery } from './test/search.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = await aRegistry()
  for (const [token, bucket, owner] of [
    [registry.ada, 'lab-a', 'ada'],
    [registry.grace, 'lab-b', 'grace'],
  ] as const) {
    for (const number of [1, 2, 3]) {
      await registry.put(token, bucket, `shared/${owner}-${number}.txt`, `words of ${owner}`)
      const params = { bucket, name: `${owner}/p${number}`, message: 'shared words', userMeta: { owner } }
      await registry.construct(token, params, [])
    }
  }
})
afterAll(() => registry.close())

const grace = (query: string, variables: object = {}): Promise<unknown> =>
  registry.field(registry.grace, query, variables)

describe('a tenant', () => {
  it('finds what is theirs, with the same words as others', async () => {
    const theirs = { searchString: 'shared' }
    expect(await namesFound(registry, registry.grace, theirs, { ordering: 'sys:name:asc' })).toEqual([
      'grace/p1',
      'grace/p2',
      'grace/p3',
    ])
    expect(await keysFound(registry, registry.grace, theirs)).toEqual([1, 2, 3].map((n) => `shared/grace-${n}.txt`))
  })

  it.each([
    [['lab-a']],
    [['no-such-bucket']],
    [['lab-a', 'no-such-bucket']],
    [['LAB-A', 'lab-a*', '*', '_all', '../lab-a', "lab-a' or 1=1 --"]],
  ])('finds nothing in %j', async (buckets) => {
    expect(await grace(packagesQuery('total'), { buckets })).toEqual({ __typename: 'EmptySearchResultSet' })
    expect(await grace(objectsQuery('total'), { buckets })).toEqual({ __typename: 'EmptySearchResultSet' })
  })

  it.each([
    'bucket:lab-a',
    'name:ada/*',
    'ada',
    'meta./owner:ada',
    'bucket:* ada',
  ])('finds nothing by %s', async (searchString) => {
    expect(await grace(packagesQuery('total'), { searchString })).toEqual({ __typename: 'EmptySearchResultSet' })
  })

  it('is counted nothing of others: totals, extents, values and paths of metadata', async () => {
    const counted = `total stats { userMeta { ... on KeywordPackageUserMetaFacet { path extents { values } } } }
      filteredUserMetaFacets(path: "/owner") { ... on KeywordPackageUserMetaFacet { extents { values } } }`
    expect(await grace(packagesQuery(counted), {})).toEqual({
      __typename: 'PackagesSearchResultSet',
      total: 3,
      stats: { userMeta: [{ path: '/owner', extents: { values: ['grace'] } }] },
      filteredUserMetaFacets: [{ extents: { values: ['grace'] } }],
    })
    expect(await grace(objectsQuery('total stats { ext { values } size { max } }'), {})).toEqual({
      __typename: 'ObjectsSearchResultSet',
      total: 3,
      stats: { ext: { values: ['.txt'] }, size: { max: 14 } },
    })
  })
})

const page = `__typename ... on PackagesSearchResultSetPage { cursor hits { bucket name } }`
const morePackages = `query ($after: String!) { searchMorePackages(after: $after) { ${page} ... on InvalidInput { errors { path } } } }`
const moreObjects = `query ($after: String!) { searchMoreObjects(after: $after) {
  __typename ... on ObjectsSearchResultSetPage { hits { bucket key } } ... on InvalidInput { errors { path } } } }`
const cursorIn = z.object({ firstPage: z.object({ cursor: z.string() }) })

async function adasCursor(variables: object): Promise<string> {
  const query = packagesQuery(`firstPage(size: 1, ordering: "sys:name:asc") { ${page} }`)
  return cursorIn.parse(await registry.field(registry.ada, query, variables)).firstPage.cursor
}

describe('a cursor', () => {
  it('gives its finder nothing: what is behind it is searched with their own rights', async () => {
    const hits = [1, 2, 3].map((n) => ({ bucket: 'lab-b', name: `grace/p${n}` }))
    expect(await grace(morePackages, { after: await adasCursor({}) })).toEqual({
      __typename: 'PackagesSearchResultSetPage',
      cursor: null,
      hits,
    })
  })

  it('of a bucket that its finder may not read leads nowhere, also when it is changed to name that bucket', async () => {
    const nothing = { __typename: 'PackagesSearchResultSetPage', cursor: null, hits: [] }
    expect(await grace(morePackages, { after: await adasCursor({ buckets: ['lab-a'] }) })).toEqual(nothing)
    const own = packagesQuery(`firstPage(size: 1, ordering: "sys:name:asc") { ${page} }`)
    const { firstPage } = cursorIn.parse(await grace(own, { buckets: ['lab-b'] }))
    const said = Buffer.from(firstPage.cursor, 'base64url').toString()
    const changed = Buffer.from(said.replace('lab-b', 'lab-a')).toString('base64url')
    expect(changed).not.toBe(firstPage.cursor)
    expect(await grace(morePackages, { after: changed })).toEqual(nothing)
  })

  it('of another kind, or that is none, is refused', async () => {
    const after = await adasCursor({})
    const refused = { __typename: 'InvalidInput', errors: [{ path: 'after' }] }
    for (const broken of ['', 'none', after.slice(0, -9), `${after}AAAA`, Buffer.from('[]').toString('base64url')])
      expect(await grace(morePackages, { after: broken })).toEqual(refused)
    expect(await grace(moreObjects, { after })).toEqual(refused)
  })

  it('ends with the rights of the role: another role goes on with what it sees', async () => {
    const { admin } = registry.stack
    admin.createRole({ name: 'nothing', permissions: {} })
    admin.createUser({ name: 'alan', email: 'alan@example.com', role: 'analysts-a', extraRoles: ['nothing'] })
    const alan = await admin.sessionToken('alan')
    const first = packagesQuery(`firstPage(size: 1, ordering: "sys:name:asc") { ${page} }`)
    const { firstPage } = cursorIn.parse(await registry.field(alan, first, {}))
    await registry.field(alan, `mutation { switchRole(roleName: "nothing") { __typename } }`)
    expect(await registry.field(alan, morePackages, { after: firstPage.cursor })).toEqual({
      __typename: 'PackagesSearchResultSetPage',
      cursor: null,
      hits: [],
    })
    expect(await registry.field(alan, first, {})).toEqual({ __typename: 'EmptySearchResultSet' })
  })
})

it.each(['searchPackages', 'searchObjects'])('%s answers nobody without a token', async (name) => {
  const { status } = await registry.ask(undefined, `{ ${name} { __typename } }`)
  expect(status).toBe(401)
})

it.each(['searchMorePackages', 'searchMoreObjects'])('%s answers nobody without a token', async (name) => {
  const { status } = await registry.ask(undefined, `{ ${name}(after: "x") { __typename } }`)
  expect(status).toBe(401)
})
