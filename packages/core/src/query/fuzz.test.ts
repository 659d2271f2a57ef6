import { describe, expect, it } from 'vitest'
import { QuiltError } from '../errors.js'
import { placeless } from '../test/arbitrary-query.js'
import { randomNumbers } from '../test/random-numbers.js'
import type { Query } from './ast.js'
import { formatQuery } from './format.js'
import { naturalFilters } from './natural.js'
import { parseQuery } from './parse.js'

const pieces = [
  ...[
    '(',
    ')',
    '"',
    '\\',
    '*',
    '?',
    ':',
    '[',
    ']',
    '{',
    '}',
    '<',
    '>',
    '=',
    '-',
    '+',
    '!',
    '&&',
    '||',
    ' ',
    '  ',
    '/',
    '.',
    ',',
    '~',
    '^',
  ],
  ...[
    'AND',
    'OR',
    'NOT',
    ' TO ',
    'name:',
    'ext:',
    'size:',
    'size:>',
    'modified:',
    'meta.',
    'meta./a:',
    'deleted:',
    'gene:',
    'key:(',
  ],
  ...[
    'a',
    'rna',
    '10MB',
    '2025-01',
    'now-3d',
    '5',
    'true',
    "'; drop table entry; --",
    '{"match_all":{}}',
    '%',
    '_',
    '$',
    '#',
    '\n',
    '\t',
    '\0',
  ],
  ...['larger than ', 'csv files', ' or ', 'last 3 days', 'in 2024', 'é', '😀', '\ud800', '東京', '\u202e', 'ﬁ'],
]

function randomText(random: (below: number) => number): string {
  return Array.from({ length: random(12) }, () =>
    random(6) === 0 ? String.fromCharCode(random(0x10000)) : (pieces[random(pieces.length)] ?? ''),
  ).join('')
}

/** Undefined: it cannot be read, and says why. */
function read(text: string): Query | undefined {
  try {
    return parseQuery(text)
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'invalid_input' && error.hint !== undefined) return undefined
    throw error
  }
}

it('50,000 random texts are read, and read the same when written out again, or refused with a reason', () => {
  const random = randomNumbers(8)
  let readable = 0
  for (let count = 0; count < 50_000; count++) {
    const text = randomText(random)
    const query = read(text)
    if (query === undefined) continue
    readable += 1
    const again = read(formatQuery(query))
    if (again === undefined || JSON.stringify(placeless(again)) !== JSON.stringify(placeless(query))) {
      expect.fail(`${JSON.stringify(text)} is written as ${formatQuery(query)}`)
    }
  }
  expect(readable).toBeGreaterThan(10_000)
})

it('plain words never fail, and what they say can be read', () => {
  const random = randomNumbers(21)
  for (let count = 0; count < 20_000; count++) {
    for (const { filter } of naturalFilters(randomText(random), { nowMs: 0 }).found) {
      if (read(filter) === undefined) expect.fail(filter)
    }
  }
})

describe('4,000 characters take no time', () => {
  it.each([
    ...[
      '(',
      '*',
      '"',
      '\\',
      '?',
      '[',
      'a',
      ' ',
      '-',
      '!',
      ':',
      'meta.',
      'size:[',
      'a ',
      'a(',
      '"a',
      'NOT ',
      'OR ',
      '*?',
      'a*',
    ],
    ...[
      'name:[a ',
      'meta."',
      'csv, ',
      'csv or ',
      'files ',
      'between 1 ',
      'last 1 ',
      'not ',
      'no more ',
      '1 1',
      ',',
      'x:(',
      'in 2024 ',
    ],
  ])('of %j', (piece) => {
    const text = piece.repeat(Math.ceil(4_000 / piece.length)).slice(0, 4_000)
    const start = performance.now()
    const query = read(text)
    if (query !== undefined) formatQuery(query)
    naturalFilters(text, { nowMs: 0 })
    expect(performance.now() - start).toBeLessThan(250)
  })
})
