import { selectBackend } from '@quilt-mcp/backends'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allTools } from '../tools/index.js'
import { aWorld, clientOf, type World } from '../tools/test/world.js'
import { platformResources } from './index.js'
import { maxResourceUnits } from './size.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('the resources', () => {
  it('are the four that the catalog knows', () => {
    expect(platformResources.map(({ uri }) => uri)).toEqual([
      'quilt-platform://me',
      'quilt-platform://buckets',
      'quilt-platform://search_syntax',
      'quilt-platform://athena',
    ])
  })

  it.each(platformResources)('$uri is short enough for the assistant to take into its prompt', async ({ uri }) => {
    const text = await world.ada.resource(uri)
    expect(text.length).toBeGreaterThan(50)
    expect(text.length).toBeLessThanOrEqual(maxResourceUnits)
  })

  it.each(platformResources)('$uri names no tool that is not there', async ({ uri }) => {
    const names = new Set(allTools.map(({ name }) => name))
    const named = [...(await world.ada.resource(uri)).matchAll(/\b(?:bucket|object|package|catalog)_[a-z_]+\b/g)].map(
      ([name]) => name,
    )
    expect(named.filter((name) => !names.has(name) && name !== 'object_access')).toEqual([])
  })

  it('tell each user about themselves alone', async () => {
    expect(JSON.parse(await world.ada.resource('quilt-platform://me'))).toMatchObject({ user: { name: 'ada' } })
    expect(await world.grace.resource('quilt-platform://buckets')).toContain('"name":"lab-b"')
    expect(await world.grace.resource('quilt-platform://buckets')).not.toContain('lab-a')
  })

  it('fence what users wrote about their buckets', async () => {
    expect(await world.ada.resource('quilt-platform://buckets')).toMatch(/<data-([0-9a-f]+)>[^<]*<\/data-\1>/)
  })

  it('say how to sign in when nobody is', async () => {
    const nobody = clientOf(selectBackend({}), 'nobody')
    expect(JSON.parse(await nobody.resource('quilt-platform://me'))).toMatchObject({
      user: null,
      fix: expect.stringMatching(/QUILT_/),
    })
  })
})
