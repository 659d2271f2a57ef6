import { describe, expect, it } from 'vitest'
import {
  checkBucketName,
  checkLogicalKey,
  isAsciiPackageName,
  isBucketName,
  isPackageName,
  isTopHash,
  parsePackageName,
} from './name.js'

describe('package names', () => {
  it.each([
    'a/b',
    'My-Team/RNA_seq-2',
    '_/_',
    '-/-',
    'команда/данные',
    '名前/データ',
    'x²/Ⅷ',
    'é/ü',
  ])('%s is one', (name) => {
    expect(isPackageName(name)).toBe(true)
    expect(parsePackageName(name)).toBe(name)
  })

  it.each([
    '',
    'a',
    '/b',
    'a/',
    'a/b/c',
    'a//b',
    'a.b/c',
    'a/b c',
    'a/b\n',
    ' a/b',
    'e\u0301/x',
    'a/😀',
  ])('%j is none', (name) => {
    expect(isPackageName(name)).toBe(false)
    expect(() => parsePackageName(name)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  it.each([
    ['team/data.v2', 'team/data-v2'],
    [' team/data\n', 'team/data'],
    ['/team/data/', 'team/data'],
    ['my team/my data', 'my-team/my-data'],
    ['team/(draft)', 'team/draft'],
    ['e\u0301quipe/x', 'équipe/x'],
  ])('of %j it is clear what was meant', (name, suggestion) => {
    expect(() => parsePackageName(name)).toThrow(
      expect.objectContaining({
        message: `${JSON.stringify(name)} is not a package name; did you mean ${suggestion}?`,
        details: { suggestion },
      }),
    )
  })

  it.each(['data', 'a/b/c', '.../x', ''])('of %j it is not', (name) => {
    expect(() => parsePackageName(name)).toThrow(
      expect.objectContaining({ message: `${JSON.stringify(name)} is not a package name`, details: undefined }),
    )
  })

  it('tells ASCII names apart', () => {
    expect(['a/b-1_C', 'é/x', 'a/²'].filter(isAsciiPackageName)).toEqual(['a/b-1_C'])
  })
})

describe('checkLogicalKey', () => {
  it.each(['a', 'a/b.txt', 'a b/ü😀', '...', 'a/..b', ' '])('takes %j', (key) => {
    expect(() => checkLogicalKey(key)).not.toThrow()
  })

  it.each(['', '/', '/a', 'a/', 'a//b', '.', '..', 'a/./b', 'a/../b'])('refuses %j', (key) => {
    expect(() => checkLogicalKey(key)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  it('names what was meant, but never guesses through ".."', () => {
    expect(() => checkLogicalKey('./data//x.csv')).toThrow('did you mean "data/x.csv"?')
    expect(() => checkLogicalKey('../x.csv')).toThrow(/is not a path of a file in a package$/)
  })
})

it('knows a top hash: 64 lowercase hexadecimal digits', () => {
  const hash = '2a5a67156ca9238c14d12042db51c5b52260fdd5511b61ea89b58929d6e1769b'
  expect([hash, hash.toUpperCase(), hash.slice(1), `${hash}\n`, 'latest'].filter(isTopHash)).toEqual([hash])
})

it('knows what can name a bucket', () => {
  const names = ['quilt-example', 'b', 'Old_Bucket', 'a.b', '', '-a', 'a/b', 'a b', 's3://a', 'a#b', 'a'.repeat(256)]
  expect(names.filter(isBucketName)).toEqual(['quilt-example', 'b', 'Old_Bucket', 'a.b'])
  expect(() => checkBucketName('s3://a')).toThrow('"s3://a" is not a bucket name')
})
