import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sourceIdentityOf } from './source-identity.js'

const taken = /^[\w+=,.@-]{2,64}$/

describe('the source identity of a subject', () => {
  it.each([
    'ada',
    'ada@example.com',
    '8d3f0a4e-5b1c-4a43-9a5e-b0f4e3c9a111',
    'x'.repeat(64),
  ])('is %s itself', (subject) => {
    expect(sourceIdentityOf(subject)).toBe(subject)
  })

  it.each([
    ['one letter', 'a', 'a=ffe9aaeaa2a2d5048174'],
    ['nothing', '', '=e3b0c44298fc1c149afb'],
    ['spaces', 'ada lovelace', 'ada-lovelace='],
    ['what identity providers put before it', 'auth0|5f7c8ec7c33c6c004bbafe82', 'auth0-5f7c8ec7c33c6c004bbafe82='],
    ['a URL', 'https://id.example.com/users/7', 'https---id.example.com-users-7='],
    ['other letters', 'Øyvind', '-yvind='],
    ['more than 64', `${'x'.repeat(64)}y`, `${'x'.repeat(43)}=`],
  ])('of %s is readable, with a hash', (_what, subject, start) => {
    const name = sourceIdentityOf(subject)
    expect(name.startsWith(start)).toBe(true)
    expect(name).toMatch(/^[\w+=,.@-]*=[0-9a-f]{20}$/)
  })

  it('is never that of another subject: not by cutting, not by replacing, not by guessing the hash', () => {
    const changed = sourceIdentityOf('ada lovelace')
    const subjects = [
      'ada lovelace',
      'ada-lovelace',
      'ada|lovelace',
      changed,
      sourceIdentityOf(changed),
      '\ud800a',
      '\ud801a',
    ]
    const long = [`${'x'.repeat(64)}a`, `${'x'.repeat(64)}b`]
    const names = [...subjects, ...long].map(sourceIdentityOf)
    expect(new Set(names).size).toBe(subjects.length + long.length)
  })

  it('is always what STS takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (subject) => {
        expect(sourceIdentityOf(subject)).toMatch(taken)
      }),
    )
  })
})
