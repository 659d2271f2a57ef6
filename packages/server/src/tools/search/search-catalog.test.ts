import { formatQuery, parseQuery, type SearchHit } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, catalogUrl, clientOf, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
  const make = (name: string, metadata: Record<string, unknown>, files: Record<string, string>) =>
    world.ada.ok('package_create', {
      package: name,
      bucket: 'lab-a',
      message: `Data of ${name}`,
      metadata,
      entries: Object.entries(files).map(([key, text]) => ({ logical_key: key, text })),
    })
  await make(
    'climate/weather',
    { station: 'Seattle', unit: { temperature: 'C' }, years: 3 },
    {
      'daily.csv': 'day,max\n1,12\n',
      'notes (old).txt': 'old\n',
    },
  )
  await make('climate/co2', { station: 'Mauna Loa', years: 60 }, { 'co2.csv': 'year,ppm\n', 'raw/co2.json': '{}' })
})
afterAll(() => world.close())

const search = (args: Record<string, unknown>) => world.ada.ok('search_catalog', args)
const names = async (args: Record<string, unknown>) => {
  const { hits } = await search(args)
  return Array.isArray(hits) ? hits.map(({ name, key }) => [name, key].filter(Boolean).join(' ')) : hits
}

describe('search_catalog', () => {
  it('finds packages by words, and says where they stand', async () => {
    expect(await search({ query: 'mauna', bucket: 'lab-a' })).toMatchObject({
      query: 'mauna',
      scope: 'packages',
      total: 1,
      hits: [
        {
          bucket: 'lab-a',
          name: 'climate/co2',
          size: 11,
          entries: 2,
          modified: expect.stringMatching(/^20/),
          comment: { untrusted: 'Data of climate/co2' },
          meta: { untrusted: { station: 'Mauna Loa', years: 60 } },
          matched: [{ field: 'meta', text: { untrusted: expect.stringContaining('Mauna Loa') } }],
          link: expect.stringMatching(`^${catalogUrl}/b/lab-a/packages/climate/co2/tree/[0-9a-f]{64}/$`),
        },
      ],
      next: ['package_browse', 'package_revisions'],
    })
  })

  it('gives each hit a uri that the other tools take', async () => {
    const uris = async (args: Record<string, unknown>) => {
      const { hits } = await search({ ...args, fields: ['uri'] })
      return Array.isArray(hits) ? hits.map(({ uri }) => String(uri)) : []
    }
    const [aPackage = ''] = await uris({ query: 'name:climate/co2' })
    expect(aPackage).toMatch(/^quilt\+s3:\/\/lab-a#package=climate\/co2@[0-9a-f]{64}$/)
    expect(await world.ada.ok('package_browse', { package: aPackage })).toMatchObject({ package: 'climate/co2' })
    const [entry = ''] = await uris({ query: 'key:"notes (old).txt"', scope: 'entries' })
    expect(await world.ada.ok('object_read', { uri: entry })).toMatchObject({ text: { untrusted: 'old\n' } })
    const [object = ''] = await uris({ query: 'key:raw/notes.txt', scope: 'objects' })
    expect(object).toMatch(/^s3:\/\/lab-a\/raw\/notes\.txt/)
    expect(await world.ada.ok('object_info', { uri: object })).toMatchObject({ size: 45 })
  })

  it('finds files of packages, and objects', async () => {
    expect(await names({ query: 'co2', scope: 'entries', sort: 'key:asc' })).toEqual([
      'climate/co2 co2.csv',
      'climate/co2 raw/co2.json',
    ])
    expect(await names({ query: 'ext:parquet', scope: 'objects' })).toEqual(['raw/table.parquet'])
  })

  it('searches all buckets of the caller, or those that are named, and says which it cannot', async () => {
    expect(await names({ query: 'plan' })).toEqual([])
    expect(await world.grace.ok('search_catalog', { query: 'plan' })).toMatchObject({ hits: [{ name: 'secret/plan' }] })
    expect(await search({ query: 'co2', bucket: ['s3://lab-a', 'lab-b'] })).toMatchObject({
      total: 1,
      left_out: [{ bucket: 'lab-b', why: expect.any(String) }],
    })
    expect(await world.ada.fails('search_catalog', { query: 'plan', bucket: 'lab-b' })).toMatchObject({
      code: 'not_found',
    })
  })

  it('takes filters, of a list any one, and shows them as the query has them', async () => {
    const filters = { 'meta./station': ['Seattle', 'Mauna Loa'], size: { gt: 12 }, ext: 'csv' }
    expect(await search({ filters, fields: ['name'] })).toMatchObject({
      query: '(meta."/station":Seattle OR meta."/station":Mauna\\ Loa) AND size:{12 TO *] AND ext:csv',
      filters: ['meta."/station":Seattle OR meta."/station":Mauna\\ Loa', 'size:{12 TO *]', 'ext:csv'],
      hits: [{ name: 'climate/weather' }],
    })
  })

  it('takes for filters what is said in plain words, and shows them', async () => {
    expect(
      await search({ query: 'txt files larger than 2 bytes from the last 3 days', scope: 'objects' }),
    ).toMatchObject({
      query: 'ext:txt AND size:{2 TO *] AND modified:[now-4320m TO *]',
      understood: [
        { said: 'txt files', filter: 'ext:txt' },
        { said: 'larger than 2 bytes', filter: 'size:>2' },
        { said: 'from the last 3 days', filter: 'modified:>=now-3d' },
      ],
      hits: [{}, {}, {}],
    })
    expect(await search({ query: 'csv files', natural: false })).not.toHaveProperty('understood')
    expect(await search({ query: '"csv files"' })).not.toHaveProperty('understood')
    expect(await search({ query: 'csv files larger than 1 GB' })).toMatchObject({
      notes: ['Here size is that of the package: scope "entries" finds the files.'],
    })
  })

  it('takes as text what a value has of the query syntax', async () => {
    const { query } = await search({ filters: { name: 'a) OR name:*', comment: 'x" OR *' } })
    const { query: again } = await search({ query })
    expect(again).toBe(query)
    expect(formatQuery(parseQuery(String(query)))).toBe(query)
    expect(await names({ filters: { name: 'a) OR (name:climate/co2' } })).toEqual([])
  })

  it('orders hits as they are asked for', async () => {
    const climate = { query: 'name:climate/*' }
    expect(await names({ ...climate, sort: 'meta./years:asc' })).toEqual(['climate/weather', 'climate/co2'])
    expect(await names({ ...climate, sort: 'name' })).toEqual(['climate/co2', 'climate/weather'])
    expect(await names({ ...climate, sort: 'size' })).toEqual(['climate/weather', 'climate/co2'])
    expect(await names({ ...climate, sort: 'modified:desc' })).toHaveLength(2)
  })

  it('gives only the fields that are asked for, also single values of the metadata', async () => {
    const { hits } = await search({
      query: 'seattle',
      fields: ['package', 'top_hash', 'meta./unit/temperature', 'meta.years'],
    })
    expect(hits).toEqual([
      {
        uri: expect.any(String),
        name: 'climate/weather',
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        'meta./unit/temperature': { untrusted: 'C' },
        'meta./years': { untrusted: 3 },
      },
    ])
  })

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

  it('explains how it was read, and what was sent where', async () => {
    expect(await search({ query: 'co2 -ext:json', explain: true })).toMatchObject({
      explain: {
        ast: {
          kind: 'and',
          operands: [
            { kind: 'text', match: { by: 'word', text: 'co2' } },
            { kind: 'not', operand: { kind: 'field', field: 'ext', match: { by: 'word', text: 'json' } } },
          ],
        },
        sent: [{ to: expect.any(String) }],
      },
    })
  })

  it('says where a query is wrong, and what to write', async () => {
    expect(await world.ada.fails('search_catalog', { query: 'rna (dna' })).toMatchObject({
      code: 'invalid_input',
      message: 'the query, character 5: this parenthesis is not closed',
      details: { from: 4, end: 5, suggestion: 'rna (dna)' },
    })
    expect(await world.ada.fails('search_catalog', { query: 'workflow:a', scope: 'objects' })).toMatchObject({
      code: 'invalid_input',
      message: 'objects cannot be searched by workflow',
    })
  })

  it.each([
    [{ filters: { sise: '>1' } }, 'there is no field sise'],
    [{ filters: { size: 'big' } }, 'the filter size: "big" is no size of size'],
    [{ filters: { size: [] } }, 'the filter size has no value that could be looked for'],
    [{ filters: { size: {} } }, 'the filter size has no value that could be looked for'],
    [{ sort: 'comment' }, 'hits cannot be ordered by comment'],
    [{ sort: 'meta' }, 'hits cannot be ordered by meta'],
    [{ facets: ['name'] }, 'name has no facet'],
    [{ fields: ['nam'] }, 'hits have no field "nam"'],
    [{ bucket: ' , ' }, 'bucket names none'],
    [
      { bucket: 'quilt+s3://lab-a#package=a/b' },
      '"quilt+s3://lab-a#package=a/b" names a package where a bucket is wanted',
    ],
  ])('refuses %j', async (args, message) => {
    const error = await world.ada.fails('search_catalog', { query: 'co2', ...args })
    expect([error.code, error.message]).toEqual(['invalid_input', message])
    expect(error.hint).not.toBe('')
  })

  it('when nothing is found, says what does find something', async () => {
    const { suggestions } = await search({ query: 'weathr' })
    expect(suggestions).toEqual([{ why: 'names that are near', query: 'name:*weather*', finds: 1 }])
    expect(await search({ query: 'weath' })).toMatchObject({
      suggestions: [
        { why: 'names that are near', query: 'name:*weather*', finds: 1 },
        { why: 'as a part of the name', query: 'name:*weath*', finds: 1 },
        { why: 'as the beginning of words', query: 'weath*', finds: 1 },
      ],
    })
    expect(await search({ query: 'seattle mauna' })).toMatchObject({
      suggestions: [{ why: 'any of the terms', query: 'seattle OR mauna', finds: 2 }],
    })
    expect(await search({ query: 'parquet' })).toMatchObject({
      suggestions: [{ why: 'among objects', scope: 'objects', finds: 1 }],
    })
    expect(await search({ query: 'nothing-like-it' })).not.toHaveProperty('suggestions')
  })

  it('links to the same search in the catalog, where it can be made there', async () => {
    const { link } = await search({
      query: 'rna name:climate/* size:>10',
      bucket: 'lab-a',
      sort: 'modified:desc',
      all_revisions: true,
    })
    expect([...new URL(String(link)).searchParams]).toEqual([
      ['q', 'rna'],
      ['t', 'p'],
      ['name', '$s$:climate/*'],
      ['size', '{"gte":11}'],
      ['s', 'sys:modified:desc'],
      ['rev', 'all'],
      ['b', 'lab-a'],
    ])
    expect(await search({ query: 'name:a OR size:>1' })).not.toHaveProperty('link')
  })

  it('shows the others when a name is none that a package can have', async () => {
    const odd = (name: string): SearchHit => ({
      kind: 'package',
      bucket: 'lab-a',
      name,
      topHash: 'a'.repeat(64),
      pointer: 'latest',
      matched: [],
    })
    const answer = {
      hits: [odd('made by/hand'), odd('lab/fine')],
      total: 2,
      facets: [],
      leftOut: [],
      notes: [],
      sent: [],
    }
    const backend = { ...world.ada.backend, search: { search: () => Promise.resolve(answer) } }
    expect(await clientOf(backend, 'ada').ok('search_catalog')).toMatchObject({
      total: 2,
      hits: [{ name: 'lab/fine' }],
      notes: ['Some of what was found has a name that no package can have, and is not shown.'],
    })
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

  it('searches the one bucket that a connection is narrowed to', async () => {
    const narrowed = clientOf(world.ada.backend, 'ada', { readOnly: true, buckets: new Set(['lab-a']) })
    const { link, total } = await narrowed.ok('search_catalog', { query: 'name:climate/*' })
    expect(total).toBe(2)
    expect(new URL(String(link)).searchParams.get('b')).toBe('lab-a')
    for (const args of [{ bucket: 'lab-b' }, { bucket: ['lab-a', 'lab-b'] }, { filters: { bucket: 'lab-b' } }]) {
      expect(await narrowed.fails('search_catalog', args)).toMatchObject({ code: 'forbidden' })
    }
    expect(await narrowed.ok('search_catalog', { query: 'bucket:lab-b' })).toMatchObject({ total: 0 })
  })

  it('marks what users wrote', async () => {
    const [{ text = '' } = {}] = await world.ada.content('search_catalog', { query: 'mauna' })
    expect(text).toMatch(/"comment":<data-([0-9a-f]+)>Data of climate\/co2<\/data-\1>/)
    expect(text).toMatch(/"text":<data-([0-9a-f]+)>[^<]*Mauna Loa[^<]*<\/data-\1>/)
  })

  it('says how to have search where there is none', async () => {
    const { search: _, ...without } = world.ada.backend
    expect(await clientOf(without, 'ada').fails('search_catalog')).toMatchObject({ code: 'unsupported' })
  })
})

describe('older names of searching', () => {
  const found = async (tool: string, args: Record<string, unknown>) => {
    const { hits } = await world.ada.ok(tool, args)
    return Array.isArray(hits) ? hits.map(({ name, key }) => name ?? key) : hits
  }

  it.each([
    ['search_packages', { query: 'co2', limit: 5 }, ['climate/co2']],
    ['packages_search', { query: 'co2', registry: 's3://lab-a', limit: 5, from_: 0 }, ['climate/co2']],
    ['bucket_objects_search', { bucket: 'lab-a', query: 'ext:parquet' }, ['raw/table.parquet']],
    ['search_objects', { query: 'ext:parquet' }, ['raw/table.parquet']],
    ['unified_search', { query: 'ext:parquet', scope: 'bucket', target: 'lab-a' }, ['raw/table.parquet']],
    [
      'catalog_search',
      { query: 'co2', scope: 'global', backend: 'auto', include_content_preview: 'false' },
      ['climate/co2'],
    ],
    ['search_catalog', { query: 'csv', scope: 'package', target: 'climate/weather', filters: {} }, ['climate/weather']],
    [
      'search_suggest',
      { partial_query: 'clim', context: 's3://lab-a', suggestion_types: ['auto'], limit: 1 },
      ['climate/co2'],
    ],
    ['search_explain', { query: 'co2', show_backends: true }, []],
  ])('%s with %j finds it', async (tool, args, names) => {
    expect(await found(tool, args)).toEqual(names)
  })

  it('explain as they did', async () => {
    expect(await world.ada.ok('search_explain', { query: 'co2' })).toMatchObject({
      explain: { ast: { kind: 'text' }, sent: [expect.anything()] },
      total: 1,
    })
  })

  it('are as strict as any tool', async () => {
    expect(await world.ada.fails('packages_search', { query: 'a', foo: 1 })).toMatchObject({
      code: 'invalid_input',
      hint: expect.stringContaining('Arguments: query, registry'),
    })
    expect(await world.ada.fails('packages_search', { query: 'a', from_: 10 })).toMatchObject({
      code: 'invalid_input',
      nextTools: ['search_catalog'],
    })
    expect(await world.ada.fails('search_catalog', { query: 'a', scope: 'nowhere' })).toMatchObject({
      code: 'invalid_input',
    })
  })

  it('keep to the bucket of a narrowed connection', async () => {
    const narrowed = clientOf(world.ada.backend, 'ada', { readOnly: true, buckets: new Set(['lab-b']) })
    expect(await narrowed.fails('bucket_objects_search', { query: 'x', bucket: 'lab-a' })).toMatchObject({
      code: 'forbidden',
    })
    expect(await narrowed.fails('search_packages', { query: 'x' })).toMatchObject({
      code: expect.stringMatching(/not_found|forbidden/),
    })
  })
})
