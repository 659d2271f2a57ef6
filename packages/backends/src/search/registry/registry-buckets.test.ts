import { parseQuery } from '@quilt-mcp/core'
import { GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { text } from '../../test/fault-server.js'
import { foundObject, foundPackage, objectsFound, packagesFound, playing, searchAt } from './test/playing-registry.js'

const bucket = (name: string) => ({ name, title: name, relevanceScore: 1, browsable: true, collaborators: [] })
const buckets = ['lab-a', 'lab-b', 'shared'].map(bucket)

const playsBuckets = playing({ buckets, searchPackages: packagesFound([foundPackage()]) })

describe('buckets', () => {
  it('are all that the caller may see when none is named: nobody asks which those are', async () => {
    const { search, asked } = await searchAt([playsBuckets])
    await search.search({ scope: 'packages', query: parseQuery(''), buckets: [] })
    expect(asked().map(({ operation, buckets: named }) => [operation, named])).toEqual([['SearchPackages', undefined]])
  })

  it('that are not visible are left out, and named', async () => {
    const { search, asked } = await searchAt([playsBuckets])
    const answer = await search.search({
      scope: 'packages',
      query: parseQuery(''),
      buckets: ['lab-a', 'secret', 'lab-a'],
    })
    expect(asked().at(-1)?.buckets).toEqual(['lab-a'])
    expect(answer.leftOut).toEqual([{ bucket: 'secret', why: 'There is no such bucket, or your role may not see it' }])
  })

  it('are not found when none is left', async () => {
    const { search } = await searchAt([playsBuckets])
    const searchIn = (...named: readonly string[]) =>
      search.search({ scope: 'packages', query: parseQuery(''), buckets: named })
    await expect(searchIn('secret')).rejects.toMatchObject({ code: 'not_found', details: { bucket: 'secret' } })
    await expect(searchIn('secret', 'hidden')).rejects.toMatchObject({
      code: 'not_found',
      details: { buckets: ['secret', 'hidden'] },
    })
    await expect(searchIn('lab-aa')).rejects.toMatchObject({ hint: expect.stringContaining('lab-a') })
  })

  it.each<[string, readonly string[] | undefined, readonly string[]]>([
    ['bucket:lab-a', undefined, ['lab-a']],
    ['bucket:lab-*', undefined, ['lab-a', 'lab-b']],
    ['bucket:(lab-b OR shared)', undefined, ['lab-b', 'shared']],
    ['NOT bucket:shared', undefined, ['lab-a', 'lab-b']],
    ['bucket:lab-* cells', ['lab-b', 'shared'], ['lab-b']],
  ])('%s chooses among them', async (query, named, chosen) => {
    const { search, asked } = await searchAt([playsBuckets])
    await search.search({ scope: 'packages', query: parseQuery(query), buckets: named })
    expect(asked().at(-1)?.buckets).toEqual(chosen)
    expect(asked().at(-1)?.searchString).toBe(query.includes('cells') ? 'cells' : undefined)
  })

  it('that exclude each other leave nothing to search', async () => {
    const { search, asked } = await searchAt([playsBuckets])
    const answer = await search.search({
      scope: 'packages',
      query: parseQuery('bucket:lab-*'),
      buckets: ['shared'],
    })
    expect([answer.hits, answer.total, asked().length]).toEqual([[], 0, 1])
  })

  it('named in an OR beside other fields are checked on the hits', async () => {
    const { search, asked } = await searchAt([
      playing({
        buckets,
        searchObjects: objectsFound([foundObject('a.csv'), foundObject('b.txt', { bucket: 'shared' })]),
      }),
    ])
    const { hits } = await search.search({ scope: 'objects', query: parseQuery('bucket:shared OR ext:tsv') })
    expect([hits.length, asked()[0]?.searchString]).toEqual([1, undefined])
  })
})

describe('buckets that the registry refuses to search', () => {
  const refusesLabB = playing({
    buckets,
    searchObjects: ({ buckets: named }: { buckets: readonly string[] | null }) => {
      if (named !== null && !named.includes('lab-b')) return objectsFound([foundObject('a.csv')])
      throw new GraphQLError('no', { extensions: { code: 'FORBIDDEN' } })
    },
  })

  it.each([[['lab-a', 'lab-b', 'shared']], [undefined]])('are left out of %j, and named', async (named) => {
    const { search, asked } = await searchAt([refusesLabB])
    const answer = await search.search({ scope: 'objects', query: parseQuery('cells'), buckets: named })
    expect(answer.hits).toHaveLength(1)
    expect(answer.leftOut).toEqual([{ bucket: 'lab-b', why: 'Your role may not search it' }])
    expect(asked().at(-1)?.buckets).toEqual(['lab-a', 'shared'])
  })

  it('are forbidden when none is left', async () => {
    const { search } = await searchAt([refusesLabB])
    const refused = search.search({ scope: 'objects', query: parseQuery('cells'), buckets: ['lab-b'] })
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('by HTTP 403 are refused the same way', async () => {
    const { search, asked } = await searchAt([
      playsBuckets,
      text('no', 403),
      text('no', 403),
      playsBuckets,
      playsBuckets,
    ])
    const answer = await search.search({ scope: 'packages', query: parseQuery('cells'), buckets: ['lab-a', 'lab-b'] })
    expect(answer.leftOut).toHaveLength(1)
    expect(asked().at(-1)?.buckets).toHaveLength(1)
  })
})
