import { describe, expect, it } from 'vitest'
import { createSeenKeys } from './seen-keys.js'

describe('createSeenKeys', () => {
  it('knows each of 100,000 keys again, and no other', () => {
    const seen = createSeenKeys()
    const keys = Array.from({ length: 100_000 }, (_, index) => `data/sample-${index % 100}/read_${index}.fastq`)
    expect(keys.filter((key) => seen.has(key))).toEqual([])
    for (const key of keys) seen.add(key)
    for (const key of keys) seen.add(key)
    expect(keys.every((key) => seen.has(key))).toBe(true)
    expect(keys.filter((key) => seen.has(`${key}.gz`))).toEqual([])
  })

  it('tells short and empty keys apart', () => {
    const seen = createSeenKeys()
    seen.add('')
    seen.add('a')
    expect(['', 'a', 'b', 'aa', '\0'].filter((key) => seen.has(key))).toEqual(['', 'a'])
  })
})
