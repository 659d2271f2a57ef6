import { describe, expect, it } from 'vitest'
import { logicalKeyOf, type NamedFile } from './key-rule.js'

const object: NamedFile = { path: 'lab/run-1/a.csv' }
const below: NamedFile = { path: 'data/deep/a.csv', below: 'deep/a.csv' }

describe('the path of a file in a package', () => {
  it.each([
    [object, undefined, { keys: 'keep' }, 'lab/run-1/a.csv'],
    [object, undefined, { keys: 'keep', strip: 'lab/' }, 'run-1/a.csv'],
    [object, undefined, { keys: 'keep', strip: 'lab' }, 'run-1/a.csv'],
    [object, undefined, { keys: 'flatten', strip: 'lab/' }, 'a.csv'],
    [object, 'b.csv', { keys: 'keep', strip: 'other' }, 'b.csv'],
    [object, 'raw/', { keys: 'keep' }, 'raw/a.csv'],
    [below, undefined, { keys: 'keep' }, 'data/deep/a.csv'],
    [below, 'raw/', { keys: 'keep' }, 'raw/deep/a.csv'],
    [below, 'raw', { keys: 'keep' }, 'raw/deep/a.csv'],
    [below, 'raw/', { keys: 'flatten' }, 'raw/a.csv'],
  ] as const)('of %j with logical_key %s and %j is %s', (file, logicalKey, rule, path) => {
    expect(logicalKeyOf(file, logicalKey, rule)).toBe(path)
  })

  it.each([
    [object, { keys: 'keep', strip: 'other/' }, 'does not begin with "other/"'],
    [{ path: 'lab//a.csv' }, { keys: 'keep' }, 'is not a path of a file'],
    [{ path: 'lab/a.csv' }, { keys: 'keep', strip: 'lab/a.csv' }, 'is not a path of a file'],
  ] as const)('of %j is none with %j', (file, rule, message) => {
    expect(() => logicalKeyOf(file, undefined, rule)).toThrow(message)
  })
})
