import { describe, expect, it } from 'vitest'
import { checkedBucketPlace, checkedPlace, clashingEntries } from './planned-entries.js'

const entry = { logicalKey: 'a.txt', physicalKey: 's3://bkt/a%20b.txt?versionId=v1' }

describe('an entry that is asked for', () => {
  it('says where its bytes are', () => {
    expect(checkedPlace(entry)).toEqual({ place: { kind: 's3', bucket: 'bkt', key: 'a b.txt', versionId: 'v1' } })
    expect(checkedPlace({ ...entry, physicalKey: 'file:///data/a' })).toEqual({
      place: { kind: 'file', path: '/data/a' },
    })
  })

  it.each([
    [{ logicalKey: '../up' }, 'InvalidInputParameters'],
    [{ size: 1.5 }, 'InvalidInputParameters'],
    [{ hash: { type: 'md5', value: 'x' } }, 'InvalidInputParameters'],
    [{ hash: { type: 'SHA256', value: 'A'.repeat(64) } }, 'InvalidInputParameters'],
    [{ hash: { type: 'constructor', value: 'x' } }, 'InvalidInputParameters'],
    [{ physicalKey: 'https://example.com/a' }, 'InvalidS3PhysicalKey'],
    [{ physicalKey: 's3://bkt/' }, 'InvalidS3PhysicalKey'],
    [{ physicalKey: 'file:///data/a' }, 'InvalidLocalPhysicalKey'],
  ])('is refused for %j by the name %s', (change, name) => {
    expect(checkedBucketPlace({ ...entry, ...change })).toMatchObject({ failure: { name } })
  })

  it('clashes with one of the same path, and with a file that it lies under', () => {
    const keys = ['b', 'a/x/y', 'a', 'a', 'a-1', 'a/x']
    const found = clashingEntries(keys.map((logicalKey) => ({ logicalKey })))
    expect(found.map(({ index, failure }) => [index, failure.message])).toEqual([
      [3, '"a" is the path of another entry, too'],
      [5, '"a/x" lies under "a", which is a file'],
      [1, '"a/x/y" lies under "a", which is a file'],
    ])
  })
})
