import { describe, expect, it } from 'vitest'
import { chosenRole } from './roles.js'

const scientist = 'arn:aws:iam::123456789012:role/lab/scientist'
const curator = 'arn:aws:iam::123456789012:role/curator'
const none = { wished: undefined, own: undefined, listed: [], allowed: [], assumes: true }
const forbidden = (reason: string) => expect.objectContaining({ code: 'forbidden', details: { reason } })

describe('the role a caller acts in', () => {
  it('is that of the token, and none where roles are not assumed or none is named', () => {
    expect(chosenRole({ ...none, own: scientist })).toBe(scientist)
    expect(chosenRole({ ...none, own: scientist, assumes: false })).toBeUndefined()
    expect(chosenRole(none)).toBeUndefined()
  })

  it.each([
    ['its own, by ARN', { wished: scientist, own: scientist }, scientist],
    ['its own, by name', { wished: 'scientist', own: scientist }, scientist],
    ['one the token lists, by ARN', { wished: curator, own: scientist, listed: [curator] }, curator],
    ['one the token lists, by name', { wished: 'curator', own: scientist, listed: ['viewer', curator] }, curator],
    ['one the operator allows', { wished: 'curator', allowed: [curator] }, curator],
  ])('is what the request wishes for: %s', (_what, choice, role) => {
    expect(chosenRole({ ...none, ...choice })).toBe(role)
  })

  it.each([
    ['one that nobody lists', { wished: curator, own: scientist }, 'role-not-listed'],
    ['a part of a name', { wished: 'scien', own: scientist }, 'role-not-listed'],
    ['a path with the name', { wished: 'lab/scientist', own: scientist }, 'role-not-listed'],
    ['a name in another case', { wished: 'Scientist', own: scientist }, 'role-not-listed'],
    [
      'one of another account with the same name',
      { wished: curator.replace('1', '2'), listed: [curator] },
      'role-not-listed',
    ],
    ['a listed name that is no AWS role', { wished: 'viewer', listed: ['viewer'] }, 'role-not-aws'],
    [
      'a name that two roles have',
      { wished: 'curator', listed: [curator, curator.replace('1', '2')] },
      'role-ambiguous',
    ],
    ['a listed one, where roles are not assumed', { wished: curator, listed: [curator], assumes: false }, 'roles-off'],
  ])('is refused, and never another one, for %s', (_what, choice, reason) => {
    expect(() => chosenRole({ ...none, ...choice })).toThrow(forbidden(reason))
  })
})
