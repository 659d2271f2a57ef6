import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logicalKey } from '../test/arbitrary-json.js'
import { createSeenKeys } from './seen-keys.js'

describe('createSeenKeys', () => {
  const keys = Array.from({ length: 100_000 }, (_, index) => `data/sample-${index % 100}/read_${index}.fastq`)

  it('knows each of 100,000 keys again, and no other', () => {
    const seen = createSeenKeys()
    expect(keys.filter((key) => !seen.noteText(key))).toEqual([])
    expect(keys.filter((key) => seen.noteText(key))).toEqual([])
    expect(keys.filter((key) => !seen.noteText(`${key}.gz`))).toEqual([])
  })

  it('knows keys again that came in order before', () => {
    const seen = createSeenKeys()
    const ordered = keys.toSorted()
    for (const key of ordered) seen.noteText(key)
    expect(ordered.filter((key) => seen.noteText(key))).toEqual([])
    expect(seen.noteText('a new one')).toBe(true)
  })

  it('tells short and empty keys apart', () => {
    const seen = createSeenKeys()
    const noted = ['', 'a', '', 'a', 'b', 'aa', '\0', '\0'].map((key) => seen.noteText(key))
    expect(noted).toEqual([true, true, false, false, true, true, true, false])
  })

  it('agrees with a set, for texts and for bytes, halves of surrogate pairs included', () => {
    const anyKey = fc.oneof(logicalKey, fc.constantFrom('\ud800', '\udc00', 'a\ud800', '\ufffd', 'a', '😀'))
    fc.assert(
      fc.property(fc.array(fc.tuple(anyKey, fc.boolean())), (notes) => {
        const seen = createSeenKeys()
        const plain = new Set<string>()
        for (const [key, asBytes] of notes) {
          const bytes = Buffer.from(key)
          const isNew = asBytes && !/\p{Surrogate}/u.test(key) ? seen.note(bytes, 0, bytes.length) : seen.noteText(key)
          expect(isNew).toBe(!plain.has(key))
          plain.add(key)
        }
      }),
    )
  })
})
