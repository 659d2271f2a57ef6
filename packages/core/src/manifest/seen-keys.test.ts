import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logicalKey } from '../test/arbitrary-json.js'
import { line, text } from '../test/manifest-texts.js'
import { type LineVisitor, visitLines } from './ordinary-lines/visit.js'
import { createSeenKeys, type SeenKeys } from './seen-keys.js'

/** Notes a key as the key of a line, where a line with it is ordinary. */
function noteLine(seen: SeenKeys, key: string): boolean {
  let isNew = true
  const visitor: LineVisitor = {
    ordinary: (lines) => {
      isNew = seen.note(lines) === undefined
    },
    other: () => {
      isNew = seen.noteText(key)
    },
  }
  const block = { bytes: Buffer.from(text(line(key))), endsOpen: false }
  visitLines(block, visitor, { maxRecordBytes: 1_000_000, place: { line: 1, offset: 0 } })
  return isNew
}

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

  it('finds the first key of many lines that came before, in order or not', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.stringMatching(/^[a-c/]{0,4}$/), { maxLength: 6 })), (blocks) => {
        const seen = createSeenKeys()
        const plain = new Set<string>()
        for (const keys of blocks) {
          const again = keys.findIndex((key, index) => plain.has(key) || keys.indexOf(key) < index)
          const visitor: LineVisitor = {
            ordinary: (lines) => expect(seen.note(lines)).toBe(again < 0 ? undefined : again),
            other: () => expect.unreachable(),
          }
          const block = { bytes: Buffer.from(text(...keys.map(line))), endsOpen: false }
          visitLines(block, visitor, { maxRecordBytes: 1_000_000, place: { line: 1, offset: 0 } })
          if (again >= 0) return
          for (const key of keys) plain.add(key)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('agrees with a set, for texts and for bytes, halves of surrogate pairs included', () => {
    const anyKey = fc.oneof(logicalKey, fc.constantFrom('\ud800', '\udc00', 'a\ud800', '\ufffd', 'a', '😀'))
    fc.assert(
      fc.property(fc.array(fc.tuple(anyKey, fc.boolean())), (notes) => {
        const seen = createSeenKeys()
        const plain = new Set<string>()
        for (const [key, asBytes] of notes) {
          const isNew = asBytes && !/\p{Surrogate}/u.test(key) ? noteLine(seen, key) : seen.noteText(key)
          expect(isNew).toBe(!plain.has(key))
          plain.add(key)
        }
      }),
    )
  })
})
