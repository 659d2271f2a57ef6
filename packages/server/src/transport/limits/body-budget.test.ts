import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyBudgetFor, createBodyBudget } from './body-budget.js'

describe('memory for bodies', () => {
  it('is 16 of the longest in all, 4 of one caller', () => {
    const budget = createBodyBudget(bodyBudgetFor(100))
    const statuses = (principal: string) => Array.from({ length: 5 }, () => budget.hold(principal).take(100)?.status)
    expect(['ada', 'grace', 'mary', 'joan'].map(statuses)).toEqual(
      Array(4).fill([undefined, undefined, undefined, undefined, 429]),
    )
    expect(statuses('hedy')).toEqual(Array(5).fill(503))
  })

  it('is given back once, and then there for others', () => {
    const budget = createBodyBudget({ totalBytes: 10, callerBytes: 10 })
    const hold = budget.hold('ada')
    expect([hold.take(6), hold.take(4), hold.take(1)?.status]).toEqual([undefined, undefined, 429])
    hold.release()
    hold.release()
    expect([budget.hold('grace').take(10), budget.hold('ada').take(1)?.status]).toEqual([undefined, 503])
  })

  it('ends the connection with its refusal, and says when to try again', () => {
    const refused = createBodyBudget({ totalBytes: 1, callerBytes: 10 }).hold('ada').take(2)
    expect(refused).toMatchObject({ status: 503, headers: { Connection: 'close', 'Retry-After': '1' } })
  })

  it('is never exceeded, and all there again at the end', () => {
    const takes = fc.array(fc.record({ who: fc.nat({ max: 3 }), bytes: fc.nat({ max: 40 }), ends: fc.boolean() }))
    fc.assert(
      fc.property(takes, (steps) => {
        const budget = createBodyBudget({ totalBytes: 100, callerBytes: 50 })
        const held = new Map<ReturnType<typeof budget.hold>, number>()
        for (const { who, bytes, ends } of steps) {
          const hold = budget.hold(`${who}`)
          if (hold.take(bytes) === undefined) held.set(hold, bytes)
          const [first] = held.keys()
          if (ends && first) {
            first.release()
            held.delete(first)
          }
          expect([...held.values()].reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(100)
        }
        for (const hold of held.keys()) hold.release()
        expect([budget.hold('0').take(50), budget.hold('1').take(50)]).toEqual([undefined, undefined])
      }),
    )
  })
})
