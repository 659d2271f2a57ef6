import { describe, expect, it } from 'vitest'
import { packageArgument } from './package-argument.js'

const hash = 'e21682f00929661879633a5128aaa27cc7bc1e2973d49d4c868a90f9fad9f34b'

describe('packageArgument', () => {
  it.each([
    [
      { package: 'a/b', bucket: 'lab' },
      { bucket: 'lab', name: 'a/b' },
    ],
    [
      { package: 'a/b', bucket: 's3://lab' },
      { bucket: 'lab', name: 'a/b' },
    ],
    [
      { package: `a/b@${hash}`, bucket: 'lab' },
      { bucket: 'lab', name: 'a/b', revision: hash },
    ],
    [{ package: 'quilt+s3://lab#package=a/b' }, { bucket: 'lab', name: 'a/b' }],
    [
      { package: 'quilt+s3://lab#package=a/b@e21682&path=x%2Fy' },
      { bucket: 'lab', name: 'a/b', revision: 'e21682', path: 'x/y' },
    ],
    [
      { package: 'quilt+s3://lab#package=a/b@e21682', revision: hash },
      { bucket: 'lab', name: 'a/b', revision: hash },
    ],
    [
      { package: `https://catalog.example.com/b/lab/packages/a/b/tree/${hash}/x/` },
      { bucket: 'lab', name: 'a/b', revision: hash, path: 'x' },
    ],
    [
      { package: 'a/b', bucket: 'lab', path: '/x/' },
      { bucket: 'lab', name: 'a/b', path: 'x' },
    ],
    [
      { package: 'a/b', bucket: 'lab', path: '/' },
      { bucket: 'lab', name: 'a/b' },
    ],
  ])('reads %j', (input, target) => {
    expect(packageArgument(input)).toEqual(target)
  })

  it('says that the bucket is missing, and where to find it', () => {
    expect(() => packageArgument({ package: 'a/b' })).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        message: 'the bucket of a/b is not given',
        nextTools: ['bucket_list'],
      }),
    )
  })

  it.each([
    [{ package: 'quilt+s3://lab#package=a/b', bucket: 'other' }, 'bucket is given twice and differs'],
    [{ package: 'quilt+s3://lab#package=a/b@abcdef', revision: '123456' }, 'revision is given twice and differs'],
    [{ package: 'quilt+s3://lab#package=a/b&path=x', path: 'y' }, 'path is given twice and differs'],
    [{ package: 's3://lab/x' }, 'names no package'],
    [{ package: 'a.b/c', bucket: 'lab' }, 'did you mean a-b/c?'],
  ])('refuses %j', (input, message) => {
    expect(() => packageArgument(input)).toThrow(message)
  })
})
