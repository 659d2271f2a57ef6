import { describe, expect, it } from 'vitest'
import { manifestKey, parsePointerKey, pointerKey, pointerSeconds } from './registry-layout.js'

describe('the layout of a registry', () => {
  it('has one place for a manifest, and one for each pointer', () => {
    expect(manifestKey('a'.repeat(64))).toBe(`.quilt/packages/${'a'.repeat(64)}`)
    expect(pointerKey('lab/cells', '1700000000')).toBe('.quilt/named_packages/lab/cells/1700000000')
    expect(pointerKey('lab/cells', 'latest')).toBe('.quilt/named_packages/lab/cells/latest')
  })

  it.each([
    ['.quilt/named_packages/lab/cells/latest', { name: 'lab/cells', pointer: 'latest' }],
    ['.quilt/named_packages/лаб/данные/1', { name: 'лаб/данные', pointer: '1' }],
    ['.quilt/named_packages/lab/latest', undefined],
    ['.quilt/named_packages/lab/cells/', undefined],
    ['.quilt/named_packages/lab/cells/deep/latest', undefined],
    ['.quilt/named_packages/lab/c.d/latest', undefined],
    ['.quilt/packages/lab/cells/latest', undefined],
  ])('reads %s as a pointer, or as none', (key, pointer) => {
    expect(parsePointerKey(key)).toEqual(pointer)
  })

  it.each([
    ['1700000000', 1_700_000_000],
    ['latest', undefined],
    ['0', undefined],
    ['01', undefined],
    ['1.5', undefined],
    ['1700000000000', undefined],
  ])('takes the name %s for a time, or for a tag', (pointer, seconds) => {
    expect(pointerSeconds(pointer)).toBe(seconds)
  })
})
