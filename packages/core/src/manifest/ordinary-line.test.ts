import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../json/parse.js'
import { skipPlainJson, wordBytes } from '../json/skip.js'
import { logicalKey, pythonJsonText } from '../test/arbitrary-json.js'
import { entryText } from '../test/arbitrary-manifest.js'
import { line } from '../test/manifest-texts.js'
import { lineFields, lineTexts, ordinaryEntry, scanOrdinaryLine } from './ordinary-line.js'
import { recordFrom } from './record.js'

/** What the fast way says of a line, undefined when it leaves it to the plain way. */
function scanned(text: string) {
  const block = Buffer.from(`${text}\n`)
  const fields = lineFields()
  return scanOrdinaryLine(wordBytes(block), 0, fields)
    ? ordinaryEntry(lineTexts(block)(0, fields.lineEnd), fields)
    : undefined
}

/** What the plain way says, undefined when the line is damaged. */
function plain(text: string) {
  try {
    return recordFrom(parseJson(text))
  } catch {
    return undefined
  }
}

const ordinary = line('a/b c.txt')

describe('an ordinary line', () => {
  it('is read without the JSON reader, with the same result', () => {
    expect(scanned(ordinary)).toEqual({
      logicalKey: 'a/b c.txt',
      physicalKey: 's3://b/k',
      size: 5,
      hash: { type: 'SHA256', value: '00' },
      meta: new Map(),
    })
    expect(plain(ordinary)).toEqual({ entry: scanned(ordinary) })
  })

  it.each([
    ['metadata', ordinary.replace('"meta": {}', '"meta": {"user_meta": {"n": [1, -2.50, null, {}], "ключ": "ß"}}')],
    ['compact metadata', ordinary.replace('"meta": {}', '"meta": {"a":[1,{"b":true}]}')],
    ['characters outside ASCII', line('ключ/名前😀')],
    ['size 0', ordinary.replace('"size": 5', '"size": 0')],
    ['a carriage return at its end', `${ordinary}\r`],
  ])('may have %s', (_, text) => {
    expect(scanned(text)).toBeDefined()
    expect(plain(text)).toEqual({ entry: scanned(text) })
  })

  it.each([
    ['escapes', line('a"b')],
    ['a control character', ordinary.replace('b c', 'b\tc')],
    ['compact JSON', ordinary.replaceAll(': ', ':')],
    ['another order of keys', ordinary.replace(/"size": 5, ("hash": \{.*?\})/, '$1, "size": 5')],
    ['two physical keys', ordinary.replace('"s3://b/k"', '"s3://b/k", "s3://b/l"')],
    ['no physical key', ordinary.replace('"s3://b/k"', '')],
    ['a size with a leading zero', ordinary.replace('"size": 5', '"size": 05')],
    ['a size beyond 15 digits', ordinary.replace('"size": 5', '"size": 9007199254740993')],
    ['a size with a fraction', ordinary.replace('"size": 5', '"size": 5.0')],
    ['a negative size', ordinary.replace('"size": 5', '"size": -5')],
    ['no metadata', ordinary.replace('"meta": {}', '"meta": null')],
    ['unknown keys', ordinary.replace('"meta": {}', '"meta": {}, "logical_key": "b"')],
    ['something behind it', `${ordinary} `],
    ['an exponent in its metadata', ordinary.replace('"meta": {}', '"meta": {"n": 1e5}')],
    [
      'metadata nested deeper than 64',
      ordinary.replace('"meta": {}', `"meta": {"n": ${'['.repeat(65)}${']'.repeat(65)}}`),
    ],
    ['metadata that is no JSON', ordinary.replace('"meta": {}', '"meta": {"n": 01}')],
    ['metadata that does not end', ordinary.replace('"meta": {}}', '"meta": {"n": "')],
  ])('has none of %s: that goes the plain way', (_, text) => {
    expect(scanned(text)).toBeUndefined()
  })

  it('is read alike both ways, whatever it says', () => {
    let seen = 0
    fc.assert(
      fc.property(entryText, fc.oneof(logicalKey, fc.string()), (rest, key) => {
        const text = `{"logical_key": ${JSON.stringify(key)}, ${rest}}`
        const entry = scanned(text)
        if (entry === undefined) return
        seen++
        expect(plain(text)).toEqual({ entry })
      }),
      { numRuns: 10_000 },
    )
    expect(seen).toBeGreaterThan(300)
  })

  it('is never taken for ordinary when one changed byte makes it damaged', () => {
    const text = ordinary.replace('"meta": {}', '"meta": {"user_meta": {"n": [1, -2.5], "t": "x"}}')
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 0, max: 127 }), (at, code) => {
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
        // A line feed makes two lines of it; the first one is then looked at alone.
        const [first = ''] = changed.split('\n')
        const entry = scanned(first)
        if (entry !== undefined) expect(plain(first.replace(/\r$/, ''))).toEqual({ entry })
      }),
      { numRuns: 10_000 },
    )
  })
})

describe('skipPlainJson', () => {
  const end = (text: string): number => skipPlainJson(wordBytes(Buffer.from(`${text}\n`)), 0)

  it('finds the end of what the reader reads, or leaves it to the reader', () => {
    fc.assert(
      fc.property(fc.oneof(pythonJsonText, fc.string(), fc.json()), (text) => {
        const at = end(text)
        if (at >= 0) expect(() => parseJson(Buffer.from(text).subarray(0, at).toString())).not.toThrow()
      }),
      { numRuns: 3_000 },
    )
  })

  it.each([
    '-',
    '01',
    '1.',
    '.5',
    'tru',
    '"a',
    '[1,]',
    '{"a"}',
    '{"a": 1,}',
    '{1: 2}',
    '[1 2]',
    '+1',
    '',
  ])('leaves %j to the reader', (text) => {
    expect(end(text) === -1 || end(text) < text.length).toBe(true)
  })
})
