import { describe, expect, it } from 'vitest'
import { createSpentTokens } from './spent-tokens.js'

describe('the memory of used confirmations', () => {
  it('takes each token once', () => {
    const spent = createSpentTokens({ now: () => 0 })
    expect([spent.spend('a', 10), spent.spend('b', 10), spent.spend('a', 10)]).toEqual([true, true, false])
  })

  it('holds no more than it may: the oldest are forgotten first', () => {
    const spent = createSpentTokens({ now: () => 0, max: 2 })
    for (const token of ['a', 'b', 'c']) spent.spend(token, 10)
    expect([spent.spend('c', 10), spent.spend('b', 10)]).toEqual([false, false])
    expect(spent.spend('a', 10)).toBe(true)
  })

  it('forgets what has expired, whose tokens are refused for that', () => {
    let now = 0
    const spent = createSpentTokens({ now: () => now, max: 2 })
    spent.spend('a', 10)
    spent.spend('b', 20)
    now = 15
    spent.spend('c', 30)
    expect(spent.spend('b', 20)).toBe(false)
  })
})
