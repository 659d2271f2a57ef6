// What a search hears of an index that is being built.
import { pointerKey } from '@quilt-mcp/core'
import { expect, it } from 'vitest'
import type { Progress } from '../../call-options.js'
import { eventually, lab } from './test/lab.js'

it('answers with what is in it, and says how far it has come', async () => {
  const world = lab()
  for (const name of ['lab/a', 'lab/b', 'lab/c']) world.push(name, 'plates')
  const release = world.hold((_, key) => key === pointerKey('lab/c', 'latest'))
  const process = world.process({ patienceMs: 0 })
  await eventually(() => process.find('plates')).toMatchObject({
    total: 2,
    indexing: { of: 'packages', done: 2, total: 3 },
  })
  release()
  await eventually(async () => (await process.find('plates')).indexing).toBeUndefined()
  expect((await process.find('plates')).total).toBe(3)
})

it('tells a search that waits how far it has come, never backwards', async () => {
  const world = lab()
  for (let n = 0; n < 50; n++) world.push(`lab/p${n}`, `plates ${n}`)
  const told: Progress[] = []
  await world.process().find('plates', {}, { onProgress: (progress) => told.push(progress) })
  expect(told.length).toBeGreaterThan(0)
  expect(new Set(told.map(({ message, total }) => `${message} ${total}`))).toEqual(new Set(['Indexing lab-data 50']))
  const done = told.map(({ done }) => done)
  expect(done).toEqual(done.toSorted((a, b) => a - b))
  expect(done.at(-1)).toBe(50)
})

it('goes on being built when the search that began it is called off', async () => {
  const world = lab()
  world.push('lab/a', 'plates')
  const release = world.hold()
  const process = world.process()
  const stop = new AbortController()
  const search = process.find('plates', {}, { signal: stop.signal })
  await eventually(() => world.store().calls.length).toBe(1)
  const reason = new Error('enough')
  stop.abort(reason)
  await expect(search).rejects.toBe(reason)
  release()
  expect((await process.find('plates')).total).toBe(1)
  expect(world.store().calls.filter((call) => call.startsWith('list'))).toHaveLength(1)
})

it('is believed for a while, and looked through again then', async () => {
  const world = lab()
  const process = world.process({ freshMs: 1_000 })
  expect((await process.find('plates')).total).toBe(0)
  world.push('lab/a', 'plates')
  world.nowMs += 999
  expect((await process.find('plates')).total).toBe(0)
  world.nowMs += 1
  expect((await process.find('plates')).total).toBe(1)
})

it('is looked through again at once when something was written', async () => {
  const world = lab()
  const process = world.process()
  expect((await process.find('plates')).total).toBe(0)
  world.push('lab/a', 'plates')
  process.changed('lab-data')
  expect((await process.find('plates')).total).toBe(1)
})
