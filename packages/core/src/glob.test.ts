import { describe, expect, it } from 'vitest'
import { anyGlobMatcher, globMatcher, isGlob } from './glob.js'

const paths = [
  'a.csv',
  '.env',
  'raw/a.csv',
  'raw/b.tmp',
  'raw/deep/er/a.csv',
  'raw-1/a[1].csv',
  'größe/ä.txt',
  'x/{1}.md',
]

describe('a pattern of paths', () => {
  it.each([
    ['*.csv', ['a.csv']],
    ['*', ['a.csv', '.env']],
    ['**/*.csv', ['a.csv', 'raw/a.csv', 'raw/deep/er/a.csv', 'raw-1/a[1].csv']],
    ['raw/**', ['raw/a.csv', 'raw/b.tmp', 'raw/deep/er/a.csv']],
    ['raw/', ['raw/a.csv', 'raw/b.tmp', 'raw/deep/er/a.csv']],
    ['raw*/', ['raw/a.csv', 'raw/b.tmp', 'raw/deep/er/a.csv', 'raw-1/a[1].csv']],
    ['raw/*', ['raw/a.csv', 'raw/b.tmp']],
    ['raw/**/a.csv', ['raw/a.csv', 'raw/deep/er/a.csv']],
    ['**/er/**', ['raw/deep/er/a.csv']],
    ['**', paths],
    ['raw/{a.csv,b.tmp}', ['raw/a.csv', 'raw/b.tmp']],
    ['{raw/{a,c},größe/?}.{csv,txt}', ['raw/a.csv', 'größe/ä.txt']],
    ['raw-1/a[1].csv', ['raw-1/a[1].csv']],
    ['x/{1}.md', ['x/{1}.md']],
    ['RAW/*', []],
    ['raw', []],
  ])('%s means %j', (pattern, found) => {
    expect(paths.filter(globMatcher(pattern))).toEqual(found)
  })

  it('means a path when one of several does', () => {
    expect(paths.filter(anyGlobMatcher(['*.csv', 'x/']))).toEqual(['a.csv', 'x/{1}.md'])
    expect(paths.filter(anyGlobMatcher([]))).toEqual([])
  })

  it('is told from the path of one file', () => {
    expect(['a*', 'a?', '{a,b}', 'a', 'a[1]', '{a}', 'raw/'].map(isGlob)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ])
  })

  it.each([
    ['', 'it is empty'],
    ['{a,b}'.repeat(10), 'more than 1000 readings'],
  ])('refuses %j', (pattern, reason) => {
    expect(() => globMatcher(pattern)).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(reason) }),
    )
  })

  it('stays quick however many stars there are', () => {
    const matches = globMatcher(`${'*a'.repeat(2_000)}b`)
    expect(matches('a'.repeat(5_000))).toBe(false)
  })
})
