import { describe, expect, it } from 'vitest'
import { inOrder } from './in-order.js'

async function allOf<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const batch of batches) all.push(...batch)
  return all
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('work in order', () => {
  it('gives the results in the order of the things, whichever is done first', async () => {
    const batches = [[3, 0], [2], [], [1, 0]]
    const done: number[] = []
    const results = await allOf(
      inOrder(
        batches,
        (item) => {
          if (item === 0) return { done: 0 }
          return {
            async run() {
              for (let left = item; left > 0; left -= 1) await turn()
              done.push(item)
              return item
            },
          }
        },
        { atOnce: 3 },
      ),
    )
    expect(results).toEqual([3, 0, 2, 1, 0])
    expect(done).toEqual([1, 2, 3])
  })

  it('works on so many at a time, and holds no more results than that takes', async () => {
    let running = 0
    let most = 0
    const step = () => ({
      async run() {
        running += 1
        most = Math.max(most, running)
        await turn()
        running -= 1
        return 1
      },
    })
    const batches = Array.from({ length: 50 }, () => Array.from({ length: 100 }, () => 1))
    let sum = 0
    for await (const batch of inOrder(batches, step, { atOnce: 7 })) {
      expect(batch.length).toBeLessThanOrEqual(2_000)
      sum += batch.length
    }
    expect([sum, most]).toEqual([5_000, 7])
  })

  it('stops and waits for what is running when one fails', async () => {
    const failure = new Error('no')
    const ended: string[] = []
    const step = (item: string) => ({
      async run(signal: AbortSignal) {
        if (item === 'fails') throw failure
        while (!signal.aborted) await turn()
        ended.push(item)
        return item
      },
    })
    await expect(allOf(inOrder([['a', 'fails', 'never']], step, { atOnce: 2 }))).rejects.toBe(failure)
    expect(ended).toContain('a')
  })

  it('ends with the reason of the caller', async () => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const step = () => ({
      async run(signal: AbortSignal) {
        stop.abort(reason)
        signal.throwIfAborted()
        return 1
      },
    })
    await expect(allOf(inOrder([[1]], step, { atOnce: 1, signal: stop.signal }))).rejects.toBe(reason)
  })
})
