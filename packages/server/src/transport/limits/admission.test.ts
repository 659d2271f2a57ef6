import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AdmissionRule, admission } from './admission.js'
import { isRefusal, type Leave, type Refusal } from './refusal.js'

const rule = (over: Partial<AdmissionRule> = {}): AdmissionRule => ({
  maxConcurrent: 100,
  rateLimit: 600,
  now: () => 0,
  ...over,
})
const seen = (entered: Leave | Refusal) =>
  isRefusal(entered) ? [entered.status, entered.headers['Retry-After']] : 'in'
const leave = (entered: Leave | Refusal) => {
  if (isRefusal(entered)) throw entered.error
  entered()
}

describe('the server', () => {
  it('takes as many requests at once as it may, then answers 503 until one has left', () => {
    const door = admission(rule({ maxConcurrent: 2 }))
    const first = door.enter()
    expect([seen(first), seen(door.enter()), seen(door.enter())]).toEqual(['in', 'in', [503, '1']])
    leave(first)
    leave(first)
    expect([seen(door.enter()), seen(door.enter()), door.underWay()]).toEqual(['in', [503, '1'], 2])
  })

  it('is never over its limit, and empty when all have left', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat({ max: 30 })), (maxConcurrent, steps) => {
        const door = admission(rule({ maxConcurrent }))
        const inside: Leave[] = []
        for (const step of steps) {
          const entered = step % 3 === 0 ? inside.splice(step % (inside.length + 1), 1)[0] : door.enter()
          if (entered === undefined) continue
          if (step % 3 === 0) leave(entered)
          else if (!isRefusal(entered)) inside.push(entered)
          expect(door.underWay()).toBe(inside.length)
          expect(inside.length).toBeLessThanOrEqual(maxConcurrent)
        }
        inside.forEach(leave)
        expect(door.underWay()).toBe(0)
      }),
    )
  })
})

describe('a caller', () => {
  it('has a fifth of a minute in one go, then the rate, with whole seconds to wait', () => {
    const time = { ms: 0 }
    const door = admission(rule({ rateLimit: 150, now: () => time.ms }))
    const call = () => {
      const entered = door.enterAs('ada')
      if (!isRefusal(entered)) entered()
      return seen(entered)
    }
    expect(Array.from({ length: 30 }, call)).toEqual(Array(30).fill('in'))
    expect(call()).toEqual([429, '1'])
    time.ms = 400
    expect([call(), call()]).toEqual(['in', [429, '1']])
  })

  it('with a small rate may send 20 in one go, and waits long after', () => {
    const door = admission(rule({ rateLimit: 1 }))
    const answers = Array.from({ length: 21 }, () => {
      const entered = door.enterAs('ada')
      if (!isRefusal(entered)) entered()
      return seen(entered)
    })
    expect(answers).toEqual([...Array(20).fill('in'), [429, '60']])
  })

  it('has no rate when that is 0', () => {
    const door = admission(rule({ rateLimit: 0 }))
    for (let call = 0; call < 5000; call++) leave(door.enterAs('ada'))
  })

  it('gets a quarter of the server, at least 8; the others are served meanwhile', () => {
    for (const [maxConcurrent, share] of [
      [100, 25],
      [12, 8],
    ] as const) {
      const door = admission(rule({ maxConcurrent, rateLimit: 0 }))
      const held = Array.from({ length: share }, () => door.enterAs('ada'))
      expect([seen(door.enterAs('ada')), seen(door.enterAs('grace'))]).toEqual([[429, '1'], 'in'])
      held.forEach(leave)
      expect(seen(door.enterAs('ada'))).toBe('in')
    }
  })

  it('does not pay for a request that found its share full', () => {
    const door = admission(rule({ maxConcurrent: 8, rateLimit: 60 }))
    const held = Array.from({ length: 8 }, () => door.enterAs('ada'))
    for (let call = 0; call < 100; call++) expect(seen(door.enterAs('ada'))).toEqual([429, '1'])
    held.forEach(leave)
    const answers = Array.from({ length: 12 }, () => seen(door.enterAs('ada')))
    expect(answers.filter((answer) => answer === 'in')).toHaveLength(8)
  })

  it('is told why, and when to try again', () => {
    const door = admission(rule({ maxConcurrent: 1, rateLimit: 1 }))
    door.enter()
    const full = door.enter()
    expect(isRefusal(full) && full.error).toMatchObject({
      code: 'rate_limited',
      retryable: true,
      message: 'the server is working on as many requests as it takes',
      hint: 'Try again in 1 s.',
      details: { retryAfterSeconds: 1 },
    })
  })
})
