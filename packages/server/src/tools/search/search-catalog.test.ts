import type { SearchHit } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogUrl, clientOf, type World } from '../test/world.js'
import { aClimateWorld, namesFound } from './test/climate-world.js'

let world: World
beforeAll(async () => {
  world = await aClimateWorld()
})
afterAll(() => world.close())

const search = (args: Record<string, unknown>) => world.ada.ok('search_catalog', args)
const names = (args: Record<string, unknown>) => namesFound(world.ada, args)

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
