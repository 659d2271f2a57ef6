import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../json/parse.js'
import { emptyJsonObject, isJsonObject, type JsonObject } from '../json/value.js'
import type { Entry } from './entry.js'
import { newHeader } from './header.js'
import { createTopHash, topHashOf } from './top-hash.js'

const header = newHeader({ message: 'order' })
const invalid = expect.objectContaining({ code: 'invalid_input' })

function anEntry(logicalKey: string, more: Partial<Entry> = {}): Entry {
  return {
    logicalKey,
    physicalKey: 's3://b/k',
    size: 0,
    hash: { type: 'sha2-256-chunked', value: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
    meta: emptyJsonObject,
    ...more,
  }
}

function object(text: string): JsonObject {
  const value = parseJson(text)
  if (!isJsonObject(value)) throw new Error('not an object')
  return value
}

describe('a top hash', () => {
  it('is the same for entries in any order', () => {
    const keys = ['data.csv', 'data/x', 'data-1/y', 'Z']
    fc.assert(
      fc.property(fc.shuffledSubarray(keys, { minLength: 4 }), (shuffled) => {
        expect(
          topHashOf(
            header,
            shuffled.map((key) => anEntry(key)),
          ),
        ).toBe('1189c195c82cd2d9f68de702629f839b972ebf1050c6c019d80c3932f26cbd06')
      }),
    )
  })

  it('takes neither the place of the bytes nor unknown keys of a line', () => {
    const plain = topHashOf(header, [anEntry('a')])
    const elsewhere = anEntry('a', { physicalKey: 'file:///x', unknown: object('{"x": 1}') })
    expect(topHashOf(header, [elsewhere])).toBe(plain)
  })

  it('changes with size, hash, metadata, logical key and message', () => {
    const changes = [
      anEntry('a'),
      anEntry('b'),
      anEntry('a', { size: 1 }),
      anEntry('a', { hash: { type: 'SHA256', value: 'x' } }),
      anEntry('a', { meta: object('{"user_meta": {}}') }),
      anEntry('a', { meta: object('{"user_meta": {"n": 1}}') }),
      anEntry('a', { meta: object('{"user_meta": {"n": 1.0}}') }),
    ]
    const hashes = changes.map((entry) => topHashOf(header, [entry]))
    expect(new Set([...hashes, topHashOf(newHeader({ message: null }), [anEntry('a')])]).size).toBe(changes.length + 1)
  })

  it('ignores the obsolete key top_hash of a header, and hashes unknown ones', () => {
    const hashOf = (text: string): string => topHashOf(object(text), [])
    expect(hashOf('{"version": "v0", "top_hash": {"alg": "v0"}}')).toBe(hashOf('{"version": "v0"}'))
    expect(hashOf('{"version": "v0", "future": 1}')).not.toBe(hashOf('{"version": "v0"}'))
  })

  it('is refused when a logical key comes twice', () => {
    expect(() => topHashOf(header, [anEntry('a'), anEntry('b'), anEntry('a')])).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: 'two entries have the logical key "a"' }),
    )
  })

  it('takes entries one by one in tree order only', () => {
    const topHash = createTopHash(header)
    topHash.update(anEntry('data/x'))
    expect(() => topHash.update(anEntry('data'))).toThrow(invalid)
  })

  it.each([Number.NaN, -1, 0.5])('refuses an entry of size %s', (size) => {
    expect(() => topHashOf(header, [anEntry('a', { size })])).toThrow(invalid)
  })

  it('is the same whether entries come one by one or at once, however many', () => {
    const entries = Array.from({ length: 2_000 }, (_, index) =>
      anEntry(`f${String(index).padStart(5, '0')}`, { size: index }),
    )
    const topHash = createTopHash(header)
    for (const entry of entries) topHash.update(entry)
    expect(topHash.digest()).toBe(topHashOf(header, entries.toReversed()))
  })
})
