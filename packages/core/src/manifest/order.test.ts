import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareCodePoints } from '../code-points.js'
import { logicalKey } from '../test/arbitrary-json.js'
import { compareLogicalKeys, createOrderCheck } from './order.js'

/** The plain way: split on slashes, compare part by part, the shorter list first. */
function slowOrder(a: string, b: string): number {
  const left = a.split('/')
  const right = b.split('/')
  for (const [index, part] of left.entries()) {
    const other = right[index]
    if (other === undefined) return 1
    const order = compareCodePoints(part, other)
    if (order !== 0) return order
  }
  return left.length - right.length
}

describe('compareLogicalKeys', () => {
  it('walks the tree: a directory where its name stands, its content in place', () => {
    const keys = ['data.csv', 'data/x', 'data-1/y', 'Z', 'data/x-1', 'data/x.d/a', 'data!/q']
    expect([...keys].sort(compareLogicalKeys)).toEqual([
      'Z',
      'data/x',
      'data/x-1',
      'data/x.d/a',
      'data!/q',
      'data-1/y',
      'data.csv',
    ])
  })

  it('puts a directory line before what is in the directory', () => {
    expect(['a-1/', 'a/b/', 'a/b/c', 'a/'].sort(compareLogicalKeys)).toEqual(['a/', 'a/b/', 'a/b/c', 'a-1/'])
  })

  it('agrees with sorting split keys', () => {
    fc.assert(
      fc.property(logicalKey, logicalKey, (a, b) => {
        expect(Math.sign(compareLogicalKeys(a, b))).toBe(Math.sign(slowOrder(a, b)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('agrees with it for broken surrogate pairs too', () => {
    const key = fc.string({ unit: fc.constantFrom('a', '/', '-', '\ud83d', '\ude00', '\uffff'), maxLength: 6 })
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(Math.sign(compareLogicalKeys(a, b))).toBe(Math.sign(slowOrder(a, b)))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('createOrderCheck', () => {
  it('lets tree order pass', () => {
    const check = createOrderCheck()
    for (const key of ['Z', 'data/x', 'data-1/y', 'data.csv']) check(key)
  })

  it('names the key that comes too late', () => {
    const check = createOrderCheck()
    check('b')
    expect(() => check('a')).toThrow('"a" comes after "b", which is not tree order')
  })

  it('names the key that comes twice', () => {
    const check = createOrderCheck()
    check('b')
    expect(() => check('b')).toThrow('two entries have the logical key "b"')
  })
})
