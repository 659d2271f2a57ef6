import { type PackageHit, parseQuery, type SearchRequest } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { foundPackage, matchingEntry, packagesFound, packagesPage, playing, searchAt } from './test/playing-registry.js'

const request = (query: string, more: Partial<SearchRequest> = {}): SearchRequest => ({
  scope: 'packages',
  query: parseQuery(query),
  ...more,
})
const named = (...names: readonly string[]) => names.map((name) => foundPackage({ name }))
const namesOf = (hits: readonly object[]) => (hits as readonly PackageHit[]).map(({ name }) => name)

/** A registry with packages a/0 to a/<count - 1>, in pages as long as they are asked for; a cursor is the next number. */
const manyPackages = (count: number) => {
  const page = (from: number, size: number) =>
    packagesPage(
      named(...Array.from({ length: Math.min(size, count - from) }, (_, index) => `a/${from + index}`)),
      from + size < count ? String(from + size) : undefined,
    )
  return playing({
    searchPackages: {
      ...packagesFound([], { total: count }),
      firstPage: ({ size }: { size: number }) => page(0, size),
    },
    searchMorePackages: ({ after, size }: { after: string; size: number }) => page(Number(after), size),
  })
}

describe('what the registry cannot be asked for', () => {
  it.each<[string, string, string[], object]>([
    ['NOT name:a/*', 'what a field must not be', ['b/1'], { searchString: 'NOT ptr_name:a\\/*' }],
    [
      'name:*1 name:a/*',
      'a second condition on a field',
      ['a/1', 'a/2'],
      { filter: { name: { wildcard: '*1' } }, searchString: 'ptr_name:a\\/*' },
    ],
    [
      'name:a/1 OR comment:second',
      'alternatives between fields',
      ['a/1', 'b/1'],
      { searchString: '(ptr_name:"a/1" OR mnfst_message:second)' },
    ],
    ['hash:[a TO b]', 'a range of text', ['a/1', 'a/2', 'b/1'], {}],
  ])('%s: %s is checked on the hits, said, and counted once all is seen', async (query, _what, names, said) => {
    const hits = [...named('a/1', 'a/2'), foundPackage({ name: 'b/1', comment: 'second', hash: 'aa' })]
    const { search, asked } = await searchAt([playing({ searchPackages: packagesFound(hits, { total: 3 }) })])
    const answer = await search.search(request(query))
    expect(namesOf(answer.hits)).toEqual(names)
    expect(answer.total).toBe(names.length)
    expect(asked()[0]).toEqual({
      operation: 'SearchPackages',
      latestOnly: true,
      size: 100,
      withPage: true,
      withStats: false,
      ...said,
    })
    expect(answer.sent.at(-1)).toMatchObject({ to: 'hits, checked here' })
  })

  it('has no total while not all of it is seen', async () => {
    const { search } = await searchAt([manyPackages(250)])
    const answer = await search.search(request('NOT name:*0', { limit: 10 }))
    expect(answer.total).toBeUndefined()
    expect(answer.notes).toEqual([expect.stringContaining('not known')])
  })

  it('has no total where only counts are wanted', async () => {
    const { search, asked } = await searchAt([manyPackages(5)])
    const answer = await search.search(request('NOT name:a/0', { limit: 0 }))
    expect([answer.hits, answer.total, asked()[0]?.withPage]).toEqual([[], undefined, false])
  })

  it('words that must not be there are looked for in what is told', async () => {
    const hits = [foundPackage({ comment: 'old import' }), foundPackage({ name: 'b/1' })]
    const { search, asked } = await searchAt([playing({ searchPackages: packagesFound(hits) })])
    const answer = await search.search(request('cells NOT old'))
    expect(asked()[0]?.searchString).toBe('cells AND NOT old')
    expect(namesOf(answer.hits)).toEqual(['b/1'])
    expect([answer.total, answer.notes[0]]).toEqual([undefined, expect.stringContaining('does not tell all files')])
  })

  it('words beside conditions on files are looked for in name, message, metadata and the files told', async () => {
    const hits = [
      foundPackage({ name: 'a/cancer', matchingEntries: [matchingEntry('x.csv')] }),
      foundPackage({ name: 'a/other', matchingEntries: [matchingEntry('x.csv')] }),
      foundPackage({ name: 'a/file', matchingEntries: [matchingEntry('cancer.csv')] }),
    ]
    const { search, asked } = await searchAt([playing({ searchPackages: packagesFound(hits) })])
    const answer = await search.search(request('cancer ext:csv'))
    expect(asked()[0]?.searchString).toBe('(entry_lk:*.csv OR entry_lk:*.CSV)')
    expect(namesOf(answer.hits)).toEqual(['a/cancer', 'a/file'])
    expect(answer.notes[0]).toContain('words beside conditions on files')
  })

  it('several words are said to be found in one place only', async () => {
    const { search } = await searchAt([manyPackages(2)])
    const { notes } = await search.search(request('cells rna'))
    expect(notes).toEqual([expect.stringContaining('only where they stand in one place')])
  })

  it('words OR a bucket are refused', async () => {
    const { search } = await searchAt([manyPackages(2)])
    await expect(search.search(request('cells OR bucket:lab-a'))).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('a word without letters and digits fits nothing: nobody is asked', async () => {
    const { search, asked } = await searchAt([manyPackages(2)])
    expect(await search.search(request('cells "---"'))).toMatchObject({ hits: [], total: 0 })
    expect(asked()).toEqual([])
    expect((await search.search(request('cells OR "---"'))).total).toBe(2)
    expect(asked()[0]?.searchString).toBe('cells')
  })
})

describe('pages', () => {
  it('are never asked for more than 100 hits at once, and go on by the registry', async () => {
    const { search, asked } = await searchAt([manyPackages(250)])
    const first = await search.search(request('', { limit: 130 }))
    expect([first.hits.length, first.total, namesOf(first.hits).at(-1)]).toEqual([130, 250, 'a/129'])
    expect(asked().map(({ operation, size, after }) => [operation, size, after])).toEqual([
      ['SearchPackages', 100, undefined],
      ['SearchMorePackages', 30, '100'],
    ])
    const rest = await search.search(request('', { limit: 130, cursor: first.cursor }))
    expect([rest.hits.length, namesOf(rest.hits)[0], rest.cursor]).toEqual([120, 'a/130', undefined])
  })

  it('are filled when not all hits count, and go on inside of a page of the registry', async () => {
    const { search } = await searchAt([manyPackages(250)])
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const answer = await search.search(request('NOT name:*0', { limit: 40, cursor }))
      expect(answer.hits.length).toBe(answer.cursor === undefined ? 25 : 40)
      seen.push(...namesOf(answer.hits))
      cursor = answer.cursor
    } while (cursor !== undefined)
    const fit = Array.from({ length: 250 }, (_, index) => `a/${index}`).filter((name) => !name.endsWith('0'))
    expect(seen).toEqual(fit)
  })

  it('end early, with a cursor and a note, when hardly anything fits', async () => {
    const { search, asked } = await searchAt([manyPackages(5_000)])
    const answer = await search.search(request('NOT name:a/*', { limit: 10 }))
    expect([answer.hits, asked().length]).toEqual([[], 20])
    expect(answer.cursor).toBeDefined()
    expect(answer.notes).toContainEqual(expect.stringContaining('not full'))
  })

  it('belong to one search', async () => {
    const { search } = await searchAt([manyPackages(250)])
    const { cursor } = await search.search(request('', { limit: 10 }))
    for (const other of [
      request('cells', { cursor }),
      request('', { cursor, scope: 'entries' }),
      request('', { cursor: 'x' }),
    ])
      await expect(search.search(other)).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('have 0 to 1,000 hits', async () => {
    const { search } = await searchAt([manyPackages(1)])
    for (const limit of [-1, 1.5, 1_001])
      await expect(search.search(request('', { limit }))).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

describe('totals', () => {
  it('are asked for alone when no hits are wanted', async () => {
    const { search, asked } = await searchAt([manyPackages(250)])
    expect(await search.search(request('cells', { limit: 0 }))).toMatchObject({ hits: [], total: 250 })
    expect(asked()).toEqual([
      {
        operation: 'SearchPackages',
        searchString: 'cells',
        latestOnly: true,
        size: 1,
        withPage: false,
        withStats: false,
      },
    ])
  })

  it('are absent when the registry does not know: more is not counted by the page', async () => {
    const { search } = await searchAt([
      playing({ searchPackages: packagesFound(named('a/1'), { total: -1, cursor: 'more' }) }),
    ])
    const answer = await search.search(request('cells', { limit: 1 }))
    expect([answer.hits.length, answer.total]).toEqual([1, undefined])
  })

  it('are 0 for an empty result', async () => {
    const { search } = await searchAt([playing({ searchPackages: { __typename: 'EmptySearchResultSet' } })])
    expect(await search.search(request('cells'))).toMatchObject({ hits: [], total: 0, notes: [] })
    expect((await search.search(request('name:Lab/x'))).notes).toEqual([
      expect.stringContaining('upper and lower case'),
    ])
  })
})
