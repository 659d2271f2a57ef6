import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientOf, type World } from '../test/world.js'
import { aClimateWorld } from './test/climate-world.js'

let world: World
beforeAll(async () => {
  world = await aClimateWorld()
})
afterAll(() => world.close())

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
