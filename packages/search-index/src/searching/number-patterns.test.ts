import { type PatternPart, parseQuery } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { filledIndex } from '../test/filled-index.js'
import { usualCosts } from './meaning.js'
import { numbersOfPattern } from './number-patterns.js'
import { searchIndexes } from './search-indexes.js'

const keys = [
  'run_019/a',
  'run_0-9/a',
  'run_0é9/a',
  'run_0x9/a',
  'run_0写9/a',
  'run_0199/a',
  'run_1019/a',
  '09',
  '1/0/9',
  'v0_9',
]
const index = () =>
  filledIndex({
    bucket: 'lab-data',
    objects: [],
    revisions: [
      { name: 'lab/runs', hash: 'ab'.repeat(32), isLatest: true, files: keys.map((key) => ({ key, size: 1 })) },
    ],
  })

it.each([
  ['key:run_0?9/*', ['run_019/a', 'run_0-9/a', 'run_0é9/a', 'run_0x9/a', 'run_0写9/a']],
  ['key:*_0?9/*', ['run_019/a', 'run_0-9/a', 'run_0é9/a', 'run_0x9/a', 'run_0写9/a']],
  ['key:*_?019/*', ['run_1019/a']],
  ['key:*/0?9', ['1/0/9']],
  ['key:v0?9', ['v0_9']],
  ['key:*_01??/*', ['run_0199/a']],
  ['key:0?9', []],
])('%s finds numbers with any character in the open place', async (text, found) => {
  const lab = index()
  try {
    const query = parseQuery(text)
    for (const costs of [usualCosts, { ...usualCosts, narrow: 0 }]) {
      const { hits } = await searchIndexes([lab], { scope: 'entries', query }, { nowMs: 0, costs })
      expect(hits.map((hit) => hit.kind === 'entry' && hit.logicalKey).toSorted()).toEqual(found.toSorted())
    }
  } finally {
    lab.close()
  }
})

describe('the full text index is asked', () => {
  const one: PatternPart = { any: 'one' }
  const many: PatternPart = { any: 'many' }
  const asked = (...pattern: readonly PatternPart[]): readonly string[] => {
    const lab = index()
    try {
      return numbersOfPattern(lab.db, pattern)
    } finally {
      lab.close()
    }
  }
  const numbers = [...'0123456789'].map((digit) => `("0${digit}9")`).join(' OR ')

  it('for all that a number can be: with a digit or another letter that there is, or cut in two', () => {
    expect(asked('run_0', one, '9/', many)).toEqual([`(${numbers} OR ("0x9") OR ("0é9")) OR (("0") AND ("9"))`])
  })

  it.each([
    ['is open at its end', ['run_', one, '9', many]],
    ['is part of a word', ['run0', one, '9/a']],
    ['has three open places', ['run_1', one, one, one, '/a']],
    ['has no digit', ['run_', one, '/a']],
  ] as const)('for no number that %s', (_, pattern) => {
    expect(asked(...pattern)).toEqual([])
  })
})
