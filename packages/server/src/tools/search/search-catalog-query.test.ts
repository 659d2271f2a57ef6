import { formatQuery, parseQuery } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { World } from '../test/world.js'
import { aClimateWorld, namesFound } from './test/climate-world.js'

let world: World
beforeAll(async () => {
  world = await aClimateWorld()
})
afterAll(() => world.close())

const search = (args: Record<string, unknown>) => world.ada.ok('search_catalog', args)
const names = (args: Record<string, unknown>) => namesFound(world.ada, args)

describe('what search_catalog is asked', () => {
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
    [{ scope: 'bucket', target: 's3://lab-a/raw/' }, '"s3://lab-a/raw/" names an object where a bucket is wanted'],
    [{ bucket: Array.from({ length: 201 }, (_, at) => `lab-${at}`) }, '201 buckets are too many for one search'],
    [{ facets: Array.from({ length: 21 }, (_, at) => `meta./a${at}`) }, '21 facets are too many for one search'],
    [
      { filters: Object.fromEntries(Array.from({ length: 1_100 }, (_, at) => [`meta./a${at}`, 'x'])) },
      'the search has 1101 terms',
    ],
    [
      { bucket: 'quilt+s3://lab-a#package=a/b' },
      '"quilt+s3://lab-a#package=a/b" names a package where a bucket is wanted',
    ],
  ])('refuses %j', async (args, message) => {
    const error = await world.ada.fails('search_catalog', { query: 'co2', ...args })
    expect([error.code, error.message]).toEqual(['invalid_input', message])
    expect(error.hint).not.toBe('')
  })
})
