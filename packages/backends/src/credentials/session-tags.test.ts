import { describe, expect, it } from 'vitest'
import { sessionTags } from './session-tags.js'

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`tag-${at}`, 'v']))

describe('session tags', () => {
  it('are handed on as they are', () => {
    expect(sessionTags({ tenant: 'Acme Inc', user: 'Ada Lovelace', empty: '' }, ['tenant'])).toEqual({
      tags: [
        { Key: 'tenant', Value: 'Acme Inc' },
        { Key: 'user', Value: 'Ada Lovelace' },
        { Key: 'empty', Value: '' },
      ],
      transitiveKeys: ['tenant'],
    })
    expect(sessionTags()).toEqual({ tags: [], transitiveKeys: [] })
  })

  it('may be 50, with keys of 128 and values of 256 characters', () => {
    expect(sessionTags(many(50)).tags).toHaveLength(50)
    expect(sessionTags({ ['k'.repeat(128)]: 'v'.repeat(256) }).tags).toHaveLength(1)
  })

  it.each([
    ['51', many(51), [], 'there are 51, and STS takes 50'],
    ['an empty key', { '': 'v' }, [], '"" is not 1 to 128 characters long'],
    ['a long key', { ['k'.repeat(129)]: 'v' }, [], `"${'k'.repeat(128)}" is not 1 to 128 characters long`],
    ['a long value', { tenant: 'v'.repeat(257) }, [], '"tenant" has a value of more than 256 characters'],
    ['keys that differ in case', { team: 'a', Team: 'b' }, [], '"Team" is there twice, but for its case'],
    ["AWS's own keys", { 'aws:user': 'a' }, [], '"aws:user" begins with aws:, which is AWS\'s own'],
    [
      'other characters in a key',
      { 'a|b': 'v' },
      [],
      '"a|b" has characters other than letters, digits, spaces and _.:/=+-@',
    ],
    [
      'other characters in a value',
      { a: 'secret;' },
      [],
      '"a" has a value with characters other than letters, digits, spaces and _.:/=+-@',
    ],
    ['a transitive key without tag', { a: 'v' }, ['b'], '"b" is to be transitive, and is not there'],
    ['a transitive key named twice', { a: 'v' }, ['a', 'a'], '"a" is named as transitive twice'],
  ])('are refused for %s, without a value in the words', (_what, tags, transitive, problem) => {
    expect(() => sessionTags(tags, transitive)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        message: `AWS does not take these session tags: ${problem}`,
      }),
    )
  })
})
