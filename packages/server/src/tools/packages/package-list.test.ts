import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

describe('package_list', () => {
  it('lists the packages of a bucket, or those that fit a filter', async () => {
    expect(await world.ada.ok('package_list', { bucket: 'lab-a' })).toMatchObject({
      packages: [{ name: 'study/cells' }, { name: 'study/disposable' }],
      total: 2,
    })
    expect(await world.ada.ok('package_list', { bucket: 's3://lab-a', filter: 'CELL' })).toMatchObject({
      packages: [{ name: 'study/cells' }],
    })
  })

  it('goes on where the page before ended', async () => {
    const first = await world.ada.ok('package_list', { bucket: 'lab-a', limit: 1 })
    expect(first).toMatchObject({ packages: [{ name: 'study/cells' }] })
    const second = await world.ada.ok('package_list', { bucket: 'lab-a', limit: 1, cursor: first.cursor })
    expect(second).toMatchObject({ packages: [{ name: 'study/disposable' }] })
    expect(second).not.toHaveProperty('cursor')
  })

  it("says that another tenant's bucket is not there", async () => {
    expect(await world.ada.fails('package_list', { bucket: 'lab-b' })).toMatchObject({ code: 'not_found' })
  })
})
