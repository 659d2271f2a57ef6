// What the index on disk holds is shown only after the registry has listed the same to this process.
import { pointerKey } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../test/collect.js'
import { accessDenied, eventually, lab, unreachable } from './test/lab.js'

/** An index on disk, of a process that has ended. */
async function indexed(scope: 'packages' | 'objects') {
  const world = lab()
  world.push('lab/plates', 'secret')
  world.store().plant('plates/secret.csv', 'a,b')
  const before = world.process()
  expect((await before.find('secret', { scope })).total).toBe(1)
  await before.close()
  return world
}

describe.each(['packages', 'objects'] as const)('an index of %s on disk', (scope) => {
  it('shows nothing before the registry has listed them to this process', async () => {
    const world = await indexed(scope)
    const release = world.hold()
    const next = world.process({ patienceMs: 0 })
    const answer = await next.find('secret', { scope })
    expect(answer).toMatchObject({ hits: [], total: 0, leftOut: [], indexing: { done: 0, of: scope } })
    expect(answer.notes).toEqual(['Not searched yet, being listed: lab-data. Search again soon.'])
    release()
    await eventually(async () => (await next.find('secret', { scope })).total).toBe(1)
  })

  it('shows nothing when listing them is refused', async () => {
    const world = await indexed(scope)
    world.store().before = () => Promise.reject(accessDenied())
    expect(await refusalOf(world.process().find('secret', { scope }))).toMatchObject({
      code: 'forbidden',
      message: 'Listing s3://lab-data: AccessDenied',
    })
  })

  it('shows nothing when the network fails before they are listed', async () => {
    const world = await indexed(scope)
    world.store().before = () => Promise.reject(unreachable())
    expect((await refusalOf(world.process().find('secret', { scope }))).code).toBe('upstream')
  })

  it('shows nothing when listing them has been refused since they were listed, until they are again', async () => {
    const world = await indexed(scope)
    const next = world.process({ patienceMs: 0 })
    await eventually(async () => (await next.find('secret', { scope })).total).toBe(1)
    world.nowMs += 10_000
    world.store().before = () => Promise.reject(accessDenied())
    await eventually(async () => next.find('secret', { scope }).catch(() => 'refused')).toBe('refused')
    world.nowMs += 10_000
    const release = world.hold()
    expect(await next.find('secret', { scope })).toMatchObject({ hits: [], indexing: { done: 0, of: scope } })
    release()
    await eventually(async () => (await next.find('secret', { scope })).total).toBe(1)
  })

  it('is shown while they are listed once more', async () => {
    const world = await indexed(scope)
    const next = world.process({ patienceMs: 0 })
    await eventually(async () => (await next.find('secret', { scope })).total).toBe(1)
    world.nowMs += 10_000
    world.hold()
    expect(await next.find('secret', { scope })).toMatchObject({ total: 1, notes: [] })
  })
})

it('names the bucket that is refused, and searches the others', async () => {
  const world = lab(['lab-data', 'lab-open'])
  world.push('lab/plates', 'secret')
  world.push('lab/plates', 'secret', 'lab-open')
  await world.process().find('secret', { buckets: ['lab-data', 'lab-open'] })
  world.store().before = () => Promise.reject(accessDenied())
  const answer = await world.process().find('secret', { buckets: ['lab-data', 'lab-open'] })
  expect(answer.hits.map(({ bucket }) => bucket)).toEqual(['lab-open'])
  expect(answer.leftOut).toEqual([{ bucket: 'lab-data', why: 'Listing s3://lab-data: AccessDenied' }])
})

it('answers while one bucket is being listed and another is refused', async () => {
  const world = lab(['lab-data', 'lab-shut'])
  world.hold()
  world.store('lab-shut').before = () => Promise.reject(accessDenied())
  const process = world.process({ patienceMs: 0 })
  await eventually(() => process.find('secret', { buckets: undefined })).toMatchObject({
    hits: [],
    indexing: { done: 0, of: 'packages' },
    leftOut: [{ bucket: 'lab-shut', why: 'Listing s3://lab-data: AccessDenied' }],
  })
})

it('finds objects of a first index as they are listed', async () => {
  const world = lab()
  const source = await world.source()
  let listOn = () => {}
  const rest = new Promise<void>((resolve) => {
    listOn = resolve
  })
  const object = (key: string) => ({ key, size: 3, modifiedMs: 0, stamp: '1' })
  const process = world.process({
    patienceMs: 0,
    sourceOf: async () => ({
      ...source,
      async *objects() {
        yield [object('plates/1.csv')]
        await rest
        yield [object('plates/2.csv')]
      },
    }),
  })
  const found = async () => process.find('plates', { scope: 'objects' })
  await eventually(found).toMatchObject({ total: 1, indexing: { done: 1 }, notes: [] })
  listOn()
  await eventually(found).toMatchObject({ total: 2 })
  expect((await found()).indexing).toBeUndefined()
})

it('shows what another process is building, once it has listed the registry itself', async () => {
  const world = lab()
  world.push('lab/a', 'plates')
  world.push('lab/b', 'more plates')
  const release = world.hold((_, key) => key === pointerKey('lab/b', 'latest'))
  const builder = world.process({ patienceMs: 0 })
  const half = { total: 1, indexing: { done: 1, total: 2 }, notes: [] }
  await eventually(() => builder.find('plates')).toMatchObject(half)
  world.store().calls.length = 0
  const other = world.process({ patienceMs: 0 })
  await eventually(() => other.find('plates')).toMatchObject(half)
  release()
  await eventually(() => other.find('plates')).toMatchObject({ total: 2 })
})

it('lists for itself also after a list of its own index has broken off', async () => {
  const world = lab()
  world.push('lab/a', 'plates')
  const other = world.process({ patienceMs: 0 })
  world.store().before = () => Promise.reject(unreachable())
  await eventually(() => other.find('plates').catch(({ code }) => code)).toBe('upstream')
  world.push('lab/b', 'more plates')
  world.hold((_, key) => key === pointerKey('lab/b', 'latest'))
  const builder = world.process({ patienceMs: 0 })
  await eventually(() => builder.find('plates')).toMatchObject({ total: 1 })
  world.nowMs += 10_000
  await eventually(() => other.find('plates')).toMatchObject({ total: 1, indexing: { done: 1, total: 2 } })
})
