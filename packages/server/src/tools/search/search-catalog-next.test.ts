import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { World } from '../test/world.js'
import { aClimateWorld } from './test/climate-world.js'

let world: World
beforeAll(async () => {
  world = await aClimateWorld()
})
afterAll(() => world.close())

const search = (args: Record<string, unknown>) => world.ada.ok('search_catalog', args)

describe('where search_catalog leads on', () => {
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
})
