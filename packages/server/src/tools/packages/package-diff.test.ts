import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

const cells = { package: 'study/cells', bucket: 'lab-a' }

describe('package_diff', () => {
  it('compares the latest revision with the one before', async () => {
    expect(await world.ada.ok('package_diff', cells)).toMatchObject({
      counts: { modified: 1, unchanged: 2 },
      header_differs: ['message'],
      changes: [{ change: 'modified', path: 'data/cells.csv', size: 28, size_before: 23, differs: ['size', 'hash'] }],
      total: 1,
    })
  })

  it('compares with another package', async () => {
    expect(await world.ada.ok('package_diff', { ...cells, base: 'study/disposable' })).toMatchObject({
      base: expect.stringContaining('study/disposable@'),
      counts: { added: 2, unchanged: 1 },
    })
  })

  it('says that everything is new in a first revision', async () => {
    const result = await world.ada.ok('package_diff', { package: 'study/disposable', bucket: 'lab-a' })
    expect(result).toMatchObject({
      counts: { added: 1, unchanged: 0 },
      note: expect.stringContaining('first revision'),
    })
    expect(result).not.toHaveProperty('base')
  })

  it('pages through the changes of two revisions that stay the same', async () => {
    const args = { package: 'study/paged', bucket: 'lab-a' }
    const entries = ['a', 'b', 'c'].map((key) => ({ logical_key: key, text: key }))
    await world.ada.ok('package_create', { ...args, message: 'Three', entries })
    const first = await world.ada.ok('package_diff', { ...args, limit: 2 })
    expect(first).toMatchObject({ changes: [{ path: 'a' }, { path: 'b' }], total: 3 })
    await world.ada.ok('package_update', { ...args, message: 'Two', remove: ['c'] })
    const second = await world.ada.ok('package_diff', { ...args, limit: 2, cursor: first.cursor })
    expect(second).toMatchObject({ target: first.target, changes: [{ change: 'added', path: 'c' }] })
    expect(second).not.toHaveProperty('cursor')
  })

  it("does not compare with another tenant's package", async () => {
    expect(
      await world.ada.fails('package_diff', { ...cells, base: 'quilt+s3://lab-b#package=secret/plan' }),
    ).toMatchObject({
      code: 'not_found',
    })
  })
})
