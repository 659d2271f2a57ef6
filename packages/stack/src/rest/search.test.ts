// The search of quilt3 and of those who write Elasticsearch's JSON.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aRegistry, helloHash, type TestRegistry } from '../graphql/test/registry.js'

let registry: TestRegistry
let version = ''
beforeAll(async () => {
  registry = await aRegistry()
  version = await registry.put(registry.ada, 'lab-a', 'raw/brain scan.csv', 'a,b\n')
  await registry.put(registry.ada, 'lab-a', 'notes.txt', 'about a brain')
  await registry.put(registry.grace, 'lab-b', 'brain.csv', 'secret')
  await registry.construct(
    registry.ada,
    { bucket: 'lab-a', name: 'team/brain', message: null, userMeta: { plate: 1 } },
    [
      {
        logicalKey: 'scans/brain.csv',
        physicalKey: `s3://lab-a/raw/brain%20scan.csv?versionId=${version}`,
        size: 4,
        hash: helloHash,
        meta: { user_meta: { well: 'A1' } },
      },
    ],
  )
})
afterAll(() => registry.close())

const answer = z.object({
  hits: z.object({
    total: z.object({ value: z.number(), relation: z.literal('eq') }),
    hits: z.array(z.object({ _index: z.string(), _id: z.string(), _score: z.number(), _source: z.looseObject({}) })),
  }),
})

async function search(params: Readonly<Record<string, string>>, token = registry.ada) {
  const response = await registry.call(`/api/search?${new URLSearchParams(params)}`, { token })
  if (response.status !== 200)
    return { status: response.status, message: z.object({ message: z.string() }).parse(await response.json()).message }
  return answer.parse(await response.json()).hits
}

const idsOf = async (params: Readonly<Record<string, string>>) => {
  const found = await search(params)
  return 'hits' in found ? found.hits.map(({ _id }) => _id).toSorted() : found
}

const both = 'lab-a,lab-a_packages'
const freeform = (query: object, more: object = {}) => ({
  action: 'freeform',
  body: JSON.stringify({ query, ...more }),
})
const packageId = expect.stringMatching(/^mnfst:[0-9a-f]{64}$/)
const entryId = expect.stringMatching(/^entry:[0-9a-f]{64}:[0-9a-f]{64}$/)
const csvId = expect.stringMatching(/^raw\/brain scan\.csv:/)
const txtId = expect.stringMatching(/^notes\.txt:/)

describe('a search', () => {
  it('as quilt3 sends it finds objects, manifests and entries, as documents of their indexes', async () => {
    const found = await search({ index: both, action: 'search', query: 'brain', size: '10' })
    if (!('hits' in found)) throw new Error(found.message)
    expect(found.total).toEqual({ value: 4, relation: 'eq' })
    const byIndex = found.hits.toSorted((a, b) => (a._id < b._id ? -1 : 1))
    const hash = z.string().parse(byIndex[1]?._source.mnfst_hash)
    expect(byIndex.map(({ _score, ...hit }) => hit)).toEqual([
      {
        _index: 'lab-a_packages',
        _id: entryId,
        _source: {
          entry_lk: 'scans/brain.csv',
          entry_pk: `s3://lab-a/raw/brain%20scan.csv?versionId=${version}`,
          entry_pk_parsed: { s3: { bucket: 'lab-a', key: 'raw/brain scan.csv', version_id: version } },
          entry_size: 4,
          entry_metadata: '{"user_meta":{"well":"A1"}}',
        },
      },
      {
        _index: 'lab-a_packages',
        _id: `mnfst:${hash}`,
        _source: {
          ptr_name: 'team/brain',
          ptr_tag: 'latest',
          ptr_last_modified: expect.stringMatching(/Z$/),
          mnfst_hash: hash,
          mnfst_message: 'None',
          mnfst_metadata: '{"plate":1}',
          mnfst_stats: { total_bytes: 4, total_files: 1 },
          mnfst_workflow: null,
          mnfst_last_modified: expect.stringMatching(/Z$/),
        },
      },
      expect.objectContaining({ _index: 'lab-a', _id: txtId }),
      {
        _index: 'lab-a',
        _id: `raw/brain scan.csv:${version}`,
        _source: {
          key: 'raw/brain scan.csv',
          key_text: 'raw/brain scan.csv',
          ext: '.csv',
          size: 4,
          last_modified: expect.stringMatching(/Z$/),
          version_id: version,
          delete_marker: false,
        },
      },
    ])
    expect(found.hits[0]?._source.ptr_name).toBe('team/brain')
  })

  it.each([
    ['of objects only', { index: 'lab-a', query: 'brain' }, [txtId, csvId]],
    ['of packages only', { index: 'lab-a_packages', query: 'brain' }, [entryId, packageId]],
    ['of all there is', { index: '_all', query: '' }, [entryId, packageId, txtId, csvId]],
    ['by a field of objects', { index: both, query: 'ext:.csv AND key:raw*' }, [csvId]],
    ['by a field of manifests', { index: both, query: 'ptr_name:team\\/*' }, [packageId]],
    ['by a field of entries', { index: both, query: 'entry_lk:"scans/brain.csv"' }, [entryId]],
    ['for the second hit', { index: both, query: 'brain', from: '3' }, [expect.any(String)]],
    ['for no hits', { index: both, query: 'brain', size: '0' }, []],
  ])('%s', async (_what, params, expected) => {
    expect(await idsOf(params)).toEqual(expected)
  })

  it.each([
    [
      'of packages, as the Python server asks for them',
      { bool: { must: [{ query_string: { query: 'brain' } }, { exists: { field: 'ptr_name' } }] } },
      [packageId],
    ],
    [
      'with filters, as it asks for files',
      {
        bool: {
          must: [{ query_string: { query: '*' } }],
          filter: [{ terms: { ext: ['csv'] } }, { range: { size: { gt: 1, lte: 4 } } }],
        },
      },
      [entryId, csvId],
    ],
    ['of everything', { match_all: {} }, [entryId, packageId, txtId, csvId]],
    [
      'without something',
      { bool: { must: [{ match: { key: 'notes.txt' } }], must_not: [{ term: { ext: { value: 'csv' } } }] } },
      [txtId],
    ],
    [
      'of one or the other',
      { bool: { should: [{ wildcard: { key: 'NOTES*' } }, { prefix: { ptr_name: 'team/' } }] } },
      [packageId, txtId],
    ],
    ['of a time', { range: { last_modified: { gte: '2020-01-01', lt: '2021-01-01' } } }, []],
  ])('in JSON, %s', async (_what, query, expected) => {
    expect(await idsOf({ index: both, ...freeform(query) })).toEqual(expected)
  })

  it.each([
    ['bad syntax', { index: both, query: '(brain' }, 400, 'not closed'],
    ['a field that there is not', { index: both, query: 'colour:red' }, 400, 'colour'],
    ['no index', { index: '', query: 'x' }, 400, 'index'],
    ['another action', { index: both, action: 'delete' }, 400, 'action'],
    ['too many hits', { index: both, query: 'brain', size: '1000', from: '1' }, 400, 'first 1000 hits'],
    ['a size that is no number', { index: both, query: 'brain', size: 'x' }, 400, 'size'],
    ['no JSON', { index: both, action: 'freeform', body: '{' }, 400, 'The body'],
    ['aggregations', { index: both, ...freeform({ match_all: {} }, { aggs: {} }) }, 400, 'aggs'],
    [
      'more values than are looked for',
      { index: both, ...freeform({ terms: { ext: Array(1_005).fill('a') } }) },
      400,
      '1005 terms',
    ],
    ['a script', { index: both, ...freeform({ script: { source: 'x' } }) }, 400, 'there is no script'],
    [
      'OR as the operator',
      { index: both, ...freeform({ query_string: { query: 'a b', default_operator: 'OR' } }) },
      400,
      'AND',
    ],
  ])('is refused with %s', async (_what, params, status, message) => {
    expect(await search(params)).toEqual({ status, message: expect.stringContaining(message) })
  })

  it('is refused as a whole when it names an index of others, in the same words as one that there is not', async () => {
    const refused = { status: 403, message: 'Your role may not search all of these indexes, or they do not exist.' }
    for (const index of [
      'lab-b',
      'lab-b_packages',
      'lab-a,lab-b',
      'no-such',
      'lab-*',
      '*',
      '*_packages',
      'lab-a_packages_packages',
    ])
      expect(await search({ index, query: '*' })).toEqual(refused)
    expect(await search({ index: 'lab-b', ...freeform({ match_all: {} }) })).toEqual(refused)
  })

  it('tells each hit once, however it is cut into pages: what is in files counts', async () => {
    await registry.put(registry.grace, 'lab-b', 'alpha/a.txt', 'beta')
    await registry.put(registry.grace, 'lab-b', 'alpha/beta/z.txt', 'gamma')
    const hitsOf = async (from: string, size: string) => {
      const found = await search({ index: 'lab-b', query: 'alpha beta', from, size }, registry.grace)
      return 'hits' in found ? found.hits.map(({ _source }) => _source.key) : found
    }
    expect(await hitsOf('0', '2')).toEqual(['alpha/a.txt', 'alpha/beta/z.txt'])
    expect([await hitsOf('0', '1'), await hitsOf('1', '1')]).toEqual([['alpha/a.txt'], ['alpha/beta/z.txt']])
  })

  it('of _all is of what the caller may read', async () => {
    const found = await search({ index: '_all', query: 'brain' }, registry.grace)
    if (!('hits' in found)) throw new Error(found.message)
    expect(found.hits.map(({ _index, _source }) => [_index, _source.key])).toEqual([['lab-b', 'brain.csv']])
  })

  it('answers nobody without a token', async () => {
    expect((await registry.call(`/api/search?index=lab-a&query=brain`)).status).toBe(401)
  })
})
