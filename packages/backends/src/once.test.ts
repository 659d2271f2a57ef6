import { expect, it } from 'vitest'
import { once, waitFor } from './once.js'

it('loads once for all who wait', async () => {
  let loads = 0
  const load = once(async () => ++loads)
  expect(await Promise.all([load(), load(), load()])).toEqual([1, 1, 1])
  expect(await load()).toBe(1)
})

it('tries again after a failure', async () => {
  let loads = 0
  const load = once(async () => {
    loads += 1
    if (loads === 1) throw new Error('not yet')
    return loads
  })
  await expect(load()).rejects.toThrow('not yet')
  expect(await load()).toBe(2)
})

it('ends the wait of the one who aborts, not the work of the others', async () => {
  let finish = (_value: string) => {}
  const load = once(() => new Promise<string>((resolve) => (finish = resolve)))
  const controller = new AbortController()
  const impatient = load(controller.signal)
  const patient = load()
  const reason = new Error('left')
  controller.abort(reason)
  await expect(impatient).rejects.toBe(reason)
  finish('done')
  expect(await patient).toBe('done')
})

it('does not even wait when it is aborted already', async () => {
  await expect(waitFor(new Promise(() => {}), AbortSignal.abort(new Error('left')))).rejects.toThrow('left')
})

it('does not begin for one who is gone already, and a failure that nobody waits for harms nobody', async () => {
  let loads = 0
  const load = once(async () => {
    loads += 1
    throw new Error('not yet')
  })
  const gone = AbortSignal.abort(new Error('left'))
  await expect(load(gone)).rejects.toThrow('left')
  expect(loads).toBe(0)
  await expect(waitFor(Promise.reject(new Error('unheard')), gone)).rejects.toThrow('left')
  await new Promise((resolve) => setImmediate(resolve)) // an unheard rejection would end the run here
})

it('lets any number wait on one signal without a warning of a leak', async () => {
  const warned: Error[] = []
  const hear = (warning: Error) => void warned.push(warning)
  process.on('warning', hear)
  const { signal } = new AbortController()
  await Promise.all(Array.from({ length: 100 }, () => waitFor(Promise.resolve(), signal)))
  await new Promise((resolve) => setImmediate(resolve)) // warnings come with the next tick
  process.off('warning', hear)
  expect(warned).toEqual([])
})
