import { describe, expect, it } from 'vitest'
import { objectArgument } from './object-argument.js'

describe('objectArgument', () => {
  it.each([
    [{ uri: 's3://lab/a%20b?versionId=v1' }, { bucket: 'lab', key: 'a b', versionId: 'v1' }],
    [
      { bucket: 'lab', key: 'a b' },
      { bucket: 'lab', key: 'a b' },
    ],
    [
      { bucket: 's3://lab', key: 'x', version_id: 'v1' },
      { bucket: 'lab', key: 'x', versionId: 'v1' },
    ],
    [
      { uri: 's3://lab', key: 'x' },
      { bucket: 'lab', key: 'x' },
    ],
    [
      { uri: 'https://catalog.example.com/b/lab/tree/x/y.csv?version=v1' },
      { bucket: 'lab', key: 'x/y.csv', versionId: 'v1' },
    ],
  ])('reads the object in %j', (input, location) => {
    expect(objectArgument(input)).toEqual({ kind: 'object', location })
  })

  it.each([
    { uri: 'quilt+s3://lab#package=a/b&path=x%2Fy' },
    { uri: 'quilt+s3://lab#package=a/b', key: 'x/y' },
    { uri: 'a/b', bucket: 'lab', key: 'x/y' },
  ])('reads the file of a package in %j', (input) => {
    expect(objectArgument(input)).toEqual({
      kind: 'entry',
      package: { bucket: 'lab', name: 'a/b', path: 'x/y' },
      logicalKey: 'x/y',
    })
  })

  it.each([
    [{}, 'no object is named'],
    [{ key: 'x' }, 'the bucket is not given'],
    [{ bucket: 'lab' }, 'lab is a bucket'],
    [{ uri: 'quilt+s3://lab#package=a/b' }, 'a/b is a package; which file of it is not given'],
    [{ uri: 's3://lab/x', key: 'y' }, 'key is given twice and differs'],
    [{ uri: 's3://lab/x', bucket: 'other' }, 'bucket is given twice and differs'],
    [{ uri: 's3://lab/x?versionId=1', version_id: '2' }, 'version_id is given twice and differs'],
  ])('refuses %j', (input, message) => {
    expect(() => objectArgument(input)).toThrow(message)
  })
})
