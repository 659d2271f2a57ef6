import { describe, expect, it } from 'vitest'
import { confirmationTokens } from './confirmation-tokens.js'
import { createSpentTokens } from './spent-tokens.js'

const about = { purpose: 'plan', tool: 'wipe', subject: { package: 'a/b', topHash: 'abc' } } as const
const rules = () => ({ spent: createSpentTokens(), policy: 'ask' as const })

describe('a confirmation token', () => {
  it('is taken once', () => {
    const tokens = confirmationTokens('secret', rules())
    const token = tokens.sign(about)
    expect([tokens.redeem(token, about), tokens.redeem(token, about)]).toEqual(['fits', 'spent'])
  })

  it('is another one each time', () => {
    const tokens = confirmationTokens('secret', rules())
    expect(tokens.sign(about)).not.toBe(tokens.sign(about))
  })

  it('takes the members of the subject in any order', () => {
    const tokens = confirmationTokens('secret', rules())
    const other = { ...about, subject: { topHash: 'abc', package: 'a/b' } }
    expect(tokens.redeem(tokens.sign(about), other)).toBe('fits')
  })

  it.each([
    ['another state', 'secret', { ...about, subject: { ...about.subject, topHash: 'abd' } }],
    ['another tool', 'secret', { ...about, tool: 'quote' }],
    ['the other purpose', 'secret', { ...about, purpose: 'question' as const }],
    ['another caller', 'other', about],
  ])('is worth nothing for %s, and is not spent by trying', (_what, secret, tried) => {
    const shared = rules()
    const tokens = confirmationTokens('secret', shared)
    const token = tokens.sign(about)
    expect(confirmationTokens(secret, shared).redeem(token, tried)).toBe('foreign')
    expect(tokens.redeem(token, about)).toBe('fits')
  })

  it('is worth nothing when any character of it is changed', () => {
    const tokens = confirmationTokens('secret', rules())
    const token = tokens.sign(about)
    for (let at = 0; at < token.length; at++) {
      const altered = `${token.slice(0, at)}${token[at] === 'a' ? 'b' : 'a'}${token.slice(at + 1)}`
      expect(tokens.redeem(altered, about)).toBe('foreign')
    }
    for (const nonsense of ['', 'yes', '..', `${token}.`, 'a.b.c'])
      expect(tokens.redeem(nonsense, about)).toBe('foreign')
    expect(tokens.redeem(token, about)).toBe('fits')
  })

  it('is good for a quarter of an hour', () => {
    let minutes = 0
    const tokens = confirmationTokens('secret', { ...rules(), now: () => minutes * 60_000 })
    const [first, second] = [tokens.sign(about), tokens.sign(about)]
    minutes = 14
    expect(tokens.redeem(first, about)).toBe('fits')
    minutes = 15
    expect(tokens.redeem(second, about)).toBe('expired')
  })

  it('is taken by every replica that is given the same credential', () => {
    const token = confirmationTokens('secret', rules()).sign(about)
    expect(confirmationTokens('secret', rules()).redeem(token, about)).toBe('fits')
  })
})
