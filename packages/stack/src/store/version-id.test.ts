import { describe, expect, it } from 'vitest'
import { newVersionId } from './version-id.js'

describe('a version id', () => {
  it('has 32 characters that need no encoding in a URL', () => {
    expect(newVersionId(Date.UTC(2026, 10, 21))).toMatch(/^[0-9a-v]{32}$/)
  })

  it('sorts by time', () => {
    const times = [0, 1, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + 1, Date.UTC(2300, 0, 1)]
    const ids = times.map((time) => newVersionId(time))
    expect([...ids].sort()).toEqual(ids)
  })

  it('sorts after the version before it, in the same millisecond and when the clock goes back', () => {
    let id = newVersionId(5_000)
    for (let n = 0; n < 1_000; n += 1) {
      const next = newVersionId(5_000 - n, id)
      expect(next > id).toBe(true)
      id = next
    }
  })

  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => newVersionId(1))).size).toBe(10_000)
  })
})
