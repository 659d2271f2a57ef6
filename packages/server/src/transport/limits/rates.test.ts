import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRates } from './rates.js'

/** A clock that is moved by hand. */
const clock = () => ({ ms: 0 })

describe('a rate', () => {
  it('gives the burst at once, then one each time that it takes', () => {
    const time = clock()
    const rates = createRates({ perMinute: 60, burst: 3, most: 10, now: () => time.ms })
    expect([1, 2, 3, 4].map(() => rates.take('ada'))).toEqual([0, 0, 0, 1000])
    time.ms = 999
    expect(rates.take('ada')).toBe(1)
    time.ms = 1000
    expect([rates.take('ada'), rates.take('ada')]).toEqual([0, 1000])
    expect(rates.take('grace')).toBe(0)
  })

  it('says how long to wait without taking', () => {
    const rates = createRates({ perMinute: 60, burst: 1, most: 10, now: () => 0 })
    expect([rates.waitMs('ada'), rates.waitMs('ada'), rates.take('ada'), rates.waitMs('ada')]).toEqual([0, 0, 0, 1000])
  })

  const rule = fc.record({ perMinute: fc.integer({ min: 1, max: 6000 }), burst: fc.integer({ min: 1, max: 50 }) })
  const asks = fc.array(
    fc.record({ key: fc.constantFrom('a', 'b', 'c'), afterMs: fc.integer({ min: 0, max: 5000 }) }),
    {
      maxLength: 300,
    },
  )

  it('is never exceeded, in any stretch of time', () => {
    fc.assert(
      fc.property(rule, asks, ({ perMinute, burst }, calls) => {
        const time = clock()
        const rates = createRates({ perMinute, burst, most: 10, now: () => time.ms })
        const taken: Record<string, number[]> = { a: [], b: [], c: [] }
        for (const { key, afterMs } of calls) {
          time.ms += afterMs
          if (rates.take(key) === 0) taken[key]?.push(time.ms)
        }
        for (const times of Object.values(taken)) {
          times.forEach((from, first) => {
            times.slice(first).forEach((to, count) => {
              expect(count + 1).toBeLessThanOrEqual(burst + ((to - from) * perMinute) / 60_000 + 1e-3)
            })
          })
        }
      }),
    )
  })

  it('starves nobody: who waits as long as told gets one, whatever the others do', () => {
    fc.assert(
      fc.property(rule, asks, ({ perMinute, burst }, calls) => {
        const time = clock()
        const rates = createRates({ perMinute, burst, most: 2, now: () => time.ms })
        for (const { key, afterMs } of calls) {
          time.ms += afterMs
          rates.take(key)
        }
        time.ms += rates.waitMs('a')
        expect(rates.take('a')).toBe(0)
      }),
    )
  })

  it('gives a key that was pushed out one call, not its burst again', () => {
    const rates = createRates({ perMinute: 60, burst: 20, most: 3, now: () => 0 })
    const abuse = () => Array.from({ length: 30 }, () => rates.take('abuser')).filter((wait) => wait === 0).length
    expect(abuse()).toBe(20)
    for (const other of ['b', 'c', 'd']) rates.take(other)
    expect(abuse()).toBe(1)
  })

  it('remembers who keeps asking, also when it is refused', () => {
    const rates = createRates({ perMinute: 60, burst: 2, most: 3, now: () => 0 })
    let taken = 0
    for (let other = 0; other < 100; other++) {
      if (rates.take('abuser') === 0) taken++
      rates.take(`other-${other}`)
    }
    expect(taken).toBe(2)
  })
})
