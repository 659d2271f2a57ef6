import { describe, expect, it } from 'vitest'
import { isSmallText } from './text-files.js'

describe('a small text file', () => {
  it.each([
    ['notes.txt', 1, true],
    ['a/b/Table.CSV', 65_536, true],
    ['config.yaml', 300, true],
    ['big.csv', 65_537, false],
    ['empty.txt', 0, false],
    ['photo.png', 300, false],
    ['README', 300, false],
  ])('is %s of %i bytes: %s', (key, size, is) => {
    expect(isSmallText(key, size)).toBe(is)
  })
})
