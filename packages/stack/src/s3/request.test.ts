import { describe, expect, it } from 'vitest'
import { awsEncode, awsEncodePath, headerValue, queryValue, readRequest } from './request.js'

const read = (target: string, init: RequestInit = {}) => readRequest(new Request('http://localhost/', init), target)

describe('a request', () => {
  it.each([
    ['/', undefined, undefined],
    ['/bucket', 'bucket', undefined],
    ['/bucket/', 'bucket', undefined],
    ['/bucket/a/b', 'bucket', 'a/b'],
    ['/bucket//lead', 'bucket', '/lead'],
    ['/bucket/a/../b/./c//d/', 'bucket', 'a/../b/./c//d/'],
    ['/bucket/a%2Fb+c%20%E2%82%AC?versionId=1', 'bucket', 'a/b+c €'],
    ['http://host:1/bucket/key', 'bucket', 'key'],
  ])('for %s is about bucket %s and key %s', (target, bucket, key) => {
    const request = read(target)
    expect([request.bucket, request.key]).toEqual([bucket, key])
  })

  it('has the query in order, with empty values, and a plus for a space', () => {
    expect(read('/b?uploads&prefix=a%2Fb+c&x=1=2&&prefix=second').queryPairs).toEqual([
      ['uploads', ''],
      ['prefix', 'a/b c'],
      ['x', '1=2'],
      ['prefix', 'second'],
    ])
    expect(queryValue(read('/b?uploads&prefix=a'), 'uploads')).toBe('')
    expect(queryValue(read('/b?prefix=a&prefix=b'), 'prefix')).toBe('a')
  })

  it('takes x-amz- headers from the query of a presigned URL, too', () => {
    expect(headerValue(read('/b/k?X-Amz-Meta-Note=from+query'), 'x-amz-meta-note')).toBe('from query')
    expect(headerValue(read('/b/k?content-type=text/html'), 'content-type')).toBeUndefined()
  })

  it('is refused with InvalidURI when its escapes are broken', () => {
    for (const target of ['/b/%', '/b/%zz', '/b/%ff', '/b?prefix=%f'])
      expect(() => read(target)).toThrow(expect.objectContaining({ code: 'InvalidURI' }))
  })
})

describe("AWS's encoding", () => {
  it('leaves letters, digits and -._~ alone', () => {
    expect(awsEncode("aZ09-._~!'()* /é😀")).toBe('aZ09-._~%21%27%28%29%2A%20%2F%C3%A9%F0%9F%98%80')
    expect(awsEncodePath('a b/c')).toBe('a%20b/c')
  })
})
