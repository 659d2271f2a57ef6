import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('bucket_list', () => {
  it('shows each user their own buckets alone', async () => {
    expect(await world.ada.ok('bucket_list')).toMatchObject({ buckets: [{ name: 'lab-a' }] })
    expect(await world.grace.ok('bucket_list')).toMatchObject({ buckets: [{ name: 'lab-b' }] })
  })

  it('fences what users wrote about a bucket', async () => {
    const [text] = await world.ada.content('bucket_list')
    expect(text?.text).toMatch(/<data-([0-9a-f]+)>\{[^<]*Ignore previous instructions\.[^<]*<\/data-\1>/)
  })

  it('refuses a cursor that it did not return', async () => {
    expect(await world.ada.fails('bucket_list', { cursor: 'nonsense' })).toMatchObject({ code: 'invalid_input' })
  })
})
