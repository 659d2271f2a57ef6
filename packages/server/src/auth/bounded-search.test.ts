import type { Backend, Search } from '@quilt-mcp/backends'
import { type PackageHit, parseQuery, QuiltError, type SearchAnswer, type SearchRequest } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boundedBackend } from './bounded-backend.js'
import { boundedSearch } from './bounded-search.js'
import type { Rights } from './rights.js'
import { type TwoLabs, twoLabs } from './test/two-labs.js'

let labs: TwoLabs
beforeAll(async () => {
  labs = await twoLabs()
})
afterAll(() => labs.close())

const everything: SearchRequest = { scope: 'packages', query: parseQuery('*') }
const searchOf = (rights: Rights, backend: Backend = labs.backend): Search => {
  const { search } = boundedBackend(backend, rights)
  if (search === undefined) throw new Error('the backend of two labs can search')
  return search
}
const found = async (rights: Rights, request: Partial<SearchRequest> = {}) =>
  (await searchOf(rights).search({ ...everything, ...request })).hits.map(({ bucket }) => bucket)
const onlyA: Rights = { buckets: ['lab-a'] }

describe('a bounded search', () => {
  it('without buckets searches those of the token alone', async () => {
    expect(new Set(await found({ permissions: ['s3:*'] }))).toEqual(new Set(['lab-a', 'lab-b']))
    expect(await found(onlyA)).toEqual(['lab-a', 'lab-a'])
    expect(await found({ buckets: ['lab-b'] })).toEqual(['lab-b'])
  })

  it('with a token that lists no bucket finds nothing, and asks nobody', async () => {
    const before = labs.sent.length
    expect(await searchOf({ buckets: [] }).search(everything)).toEqual({
      hits: [],
      total: 0,
      facets: [],
      leftOut: [],
      notes: [],
      sent: [],
    })
    expect(await found(onlyA, { buckets: [] })).toEqual([])
    expect(labs.sent.slice(before)).toEqual([])
  })

  it('leaves out the buckets that the token does not list, and says so', async () => {
    const answer = await searchOf(onlyA).search({ ...everything, buckets: ['lab-b', 'lab-a', 'lab-b', 'lab-c'] })
    expect(answer.hits.map(({ bucket }) => bucket)).toEqual(['lab-a', 'lab-a'])
    expect(answer.leftOut).toEqual([
      { bucket: 'lab-b', why: 'your token does not list it' },
      { bucket: 'lab-c', why: 'your token does not list it' },
    ])
  })

  it('is forbidden when none of the buckets is left', async () => {
    const before = labs.sent.length
    await expect(found(onlyA, { buckets: ['lab-b', 'lab-c'] })).rejects.toMatchObject({
      code: 'forbidden',
      message: 'your token does not list the bucket lab-b',
    })
    await expect(found({ ...onlyA, setBy: 'request' }, { buckets: ['lab-b'] })).rejects.toMatchObject({
      code: 'forbidden',
      message: 'this request is narrowed to lab-a, not lab-b',
    })
    expect(labs.sent.slice(before)).toEqual([])
  })

  it.each([
    'bucket:lab-b',
    'lab-a OR bucket:lab-b',
    'NOT bucket:lab-a',
    'name:secret/*',
    'hash:*',
  ])('finds nothing of another bucket by the query %s', async (query) => {
    for (const scope of ['packages', 'entries', 'objects'] as const) {
      if (scope === 'objects' && /name|hash/.test(query)) continue
      const hits = await found(onlyA, { query: parseQuery(query), scope }).catch((error) => error)
      expect(hits instanceof QuiltError ? hits.code : hits).not.toContain('lab-b')
      if (hits instanceof QuiltError) expect(hits.code).toMatch(/^(not_found|unsupported)$/)
    }
  })

  it.each([
    'lab-a,lab-b',
    'lab-*',
    '*',
    '_all',
    'LAB-B',
    ' lab-b',
    'lab-a_packages',
    '',
  ])('takes %j for the name of a bucket that is not listed', async (bucket) => {
    await expect(found(onlyA, { buckets: [bucket] })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('needs both permissions, also without buckets', async () => {
    for (const [action, other] of [
      ['s3:ListBucket', 's3:GetObject'],
      ['s3:GetObject', 's3:ListBucket'],
    ] as const) {
      await expect(found({ permissions: [other] })).rejects.toMatchObject({
        code: 'forbidden',
        message: `your token does not list the permission ${action}`,
      })
    }
  })

  it('goes on with a cursor in the same buckets', async () => {
    const search = searchOf(onlyA)
    const first = await search.search({ ...everything, limit: 1 })
    const wide = await labs.backend.search?.search({ ...everything, limit: 1 })
    const second = await search.search({ ...everything, limit: 10, cursor: first.cursor })
    expect(second.hits.map(({ bucket }) => bucket)).toEqual(['lab-a'])
    const stolen = await search.search({ ...everything, limit: 10, cursor: wide?.cursor }).catch(() => ({ hits: [] }))
    expect(stolen.hits.filter(({ bucket }) => bucket !== 'lab-a')).toEqual([])
  })
})

describe('a bounded search over one that answers too much', () => {
  const hitIn = (bucket: string): PackageHit => ({
    kind: 'package',
    bucket,
    name: 'study/own',
    topHash: 'a'.repeat(64),
    pointer: 'latest',
    matched: [],
  })
  const answer: SearchAnswer = {
    hits: [hitIn('lab-a'), hitIn('lab-b')],
    total: 2,
    facets: [{ of: { field: 'ext' }, kind: 'values', values: [{ value: 'csv', count: 2 }], more: false }],
    leftOut: [
      { bucket: 'lab-a', why: 'it is slow' },
      { bucket: 'lab-z', why: 'it is secret' },
    ],
    notes: [],
    sent: [],
  }

  it('names no bucket that another may have been meant to be', async () => {
    const error = new QuiltError('not_found', 'there is no bucket lab-x', {
      hint: 'Did you mean lab-z?',
      details: { missing: 'bucket', near: ['lab-z'] },
    })
    const refused = boundedSearch({ search: () => Promise.reject(error) }, onlyA).search(everything)
    const { message, hint, details } = await refused.catch((thrown) => thrown)
    expect(JSON.stringify([message, hint, details])).not.toMatch(/lab-z/)
    await expect(refused).rejects.toMatchObject({ code: 'not_found' })
  })

  it('drops what lies elsewhere, and everything that was counted with it', async () => {
    const careless = boundedSearch({ search: () => Promise.resolve(answer) }, onlyA)
    expect(await careless.search(everything)).toEqual({
      hits: [hitIn('lab-a')],
      facets: [],
      leftOut: [{ bucket: 'lab-a', why: 'it is slow' }],
      notes: [
        'Some of what was found lies in buckets that you may not see here: it is not shown, and nothing is counted.',
      ],
      sent: [],
    })
  })
})
