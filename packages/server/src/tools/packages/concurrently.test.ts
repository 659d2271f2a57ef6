import { describe, expect, it } from 'vitest'
import { concurrently } from './concurrently.js'

describe('concurrently', () => {
  it('answers in order, with no more than so many at a time', async () => {
    let running = 0
    let most = 0
    const results = await concurrently([5, 1, 4, 2, 3], 2, async (item) => {
      most = Math.max(most, ++running)
      for (let turn = 0; turn < item; turn++) await Promise.resolve()
      running--
      return item * 10
    })
    expect(results).toEqual([50, 10, 40, 20, 30])
    expect(most).toBe(2)
  })

  it('fails with the first failure', async () => {
    await expect(concurrently([1, 2], 2, (item) => Promise.reject(new Error(`task ${item}`)))).rejects.toThrow('task 1')
  })

  it('begins nothing after a failure', async () => {
    const begun: number[] = []
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
    const running = concurrently([1, 2, 3, 4], 2, (item) => {
      begun.push(item)
      return item === 1 ? Promise.reject(new Error('down')) : turn()
    })
    await expect(running).rejects.toThrow('down')
    await turn()
    await turn()
    expect(begun).toEqual([1, 2])
  })
})
