import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('get_resource', () => {
  it('reads what the resource itself says, by URI or by name', async () => {
    const text = await world.ada.resource('quilt-platform://search_syntax')
    expect(await world.ada.ok('get_resource', { uri: 'quilt-platform://search_syntax' })).toMatchObject({ text })
    expect(await world.ada.ok('get_resource', { uri: 'search_syntax' })).toMatchObject({ text })
  })

  it('names the resources there are for one that is not', async () => {
    expect(await world.ada.fails('get_resource', { uri: 'quilt-platform://serch_syntax' })).toMatchObject({
      code: 'not_found',
      hint: 'Did you mean quilt-platform://search_syntax?',
    })
  })
})
