import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compiledFile } from '../../../assembly/compile.mjs'
import { parseJson } from '../../json/parse.js'
import { logicalKey } from '../../test/arbitrary-json.js'
import { entryText } from '../../test/arbitrary-manifest.js'
import { line, text } from '../../test/manifest-texts.js'
import type { Entry } from '../entry.js'
import { recordFrom } from '../record.js'
import { entriesOf } from './entry.js'
import { type LineVisitor, visitLines } from './visit.js'

/** What the fast way says of a line, undefined when it leaves it to the plain way. */
function scanned(text: string) {
  return scannedLines(Buffer.from(`${text}\n`))[0]
}

/** The lines of a block: those that are ordinary as entries, the others undefined. */
function scannedLines(bytes: Uint8Array): readonly (Entry | undefined)[] {
  const found: (Entry | undefined)[] = []
  const visitor: LineVisitor = {
    ordinary(lines) {
      const entryOf = entriesOf(lines)
      for (let line = 0; line < lines.count; line++) found.push(entryOf(line))
    },
    other: () => found.push(undefined),
  }
  visitLines({ bytes, endsOpen: false }, visitor, { maxRecordBytes: 2_000_000, place: { line: 1, offset: 0 } })
  return found
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
    ['a key longer than 4,096 bytes', line('k'.repeat(4_097))],
    ['metadata that does not end', ordinary.replace('"meta": {}}', '"meta": {"n": "')],
  ])('has none of %s: that goes the plain way', (_, text) => {
    expect(scanned(text)).toBeUndefined()
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
    'falsy',
    'nul',
  ])('has no metadata such as %j', (value) => {
    expect(scanned(ordinary.replace('"meta": {}', `"meta": {"n": ${value}}`))).toBeUndefined()
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

describe('the lines of a block', () => {
  const options = { maxRecordBytes: 2_000_000, place: { line: 1, offset: 0 } }
  /** A line whose physical key has that many bytes. */
  const long = (key: string, bytes: number) => line(key).replace('s3://b/k', 's'.repeat(bytes))

  it('are found in blocks of any length, however long they are', () => {
    const texts = [100, 300_000, 50, 200_000, 262_100, 262_144, 1_000_000, 7].map((bytes, index) =>
      long(`k${index}`, bytes),
    )
    const lines = scannedLines(Buffer.from(text(...texts)))
    // What is longer than the workbench goes the plain way.
    expect(lines.map((entry) => entry?.physicalKey.length)).toEqual([
      100,
      undefined,
      50,
      200_000,
      undefined,
      undefined,
      undefined,
      7,
    ])
  })

  it('are found by thousands, and between lines that are not ordinary', () => {
    const texts = Array.from({ length: 9_000 }, (_, index) => (index % 1_000 === 999 ? '{"a": 1}' : line(`k${index}`)))
    const lines = scannedLines(Buffer.from(text(...texts)))
    expect(lines.map((entry) => entry?.logicalKey)).toEqual(
      texts.map((_, index) => (index % 1_000 === 999 ? undefined : `k${index}`)),
    )
  })

  it('end where the block ends, whatever an earlier block left behind', () => {
    const whole = Buffer.from(text(line('a'), line('b')))
    for (let end = 1; end < whole.length; end++) {
      scannedLines(whole)
      const visited: string[] = []
      const block = { bytes: whole.subarray(0, end), endsOpen: true }
      const visitor: LineVisitor = {
        ordinary: ({ count }) => visited.push(`${count} ordinary`),
        other: (rest) => visited.push(rest),
      }
      visitLines(block, visitor, options)
      const [first = '', rest = ''] = whole.subarray(0, end).toString().split('\n')
      const isFirstWhole = end > first.length
      expect(visited).toEqual(isFirstWhole ? ['1 ordinary', ...(rest === '' ? [] : [rest])] : [first])
    }
  })
})

describe('the compiled module', () => {
  it('is what its source compiles to', async () => {
    expect(await readFile(new URL('./wasm.ts', import.meta.url), 'utf8')).toBe(await compiledFile())
  })
})
