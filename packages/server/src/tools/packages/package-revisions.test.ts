import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

const cells = { package: 'study/cells', bucket: 'lab-a' }

describe('package_revisions', () => {
  it('lists revisions, newest first, with their messages as data', async () => {
    const result = await world.ada.ok('package_revisions', cells)
    expect(result).toMatchObject({
      revisions: [
        { message: { untrusted: 'A third well' }, entries: 3 },
        { message: { untrusted: 'Two wells' }, entries: 3 },
      ],
      total: 2,
    })
    expect(result).toHaveProperty('revisions.0.top_hash', result.latest)
  })

  it('names near packages when there is no such one', async () => {
    expect(await world.ada.fails('package_revisions', { ...cells, package: 'study/cels' })).toMatchObject({
      code: 'not_found',
      hint: 'Did you mean study/cells?',
      nextTools: ['package_list'],
    })
  })
})
