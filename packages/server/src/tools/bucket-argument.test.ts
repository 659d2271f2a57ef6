import { describe, expect, it } from 'vitest'
import { bucketArgument, bucketPlace, oneOf } from './bucket-argument.js'

describe('bucketArgument', () => {
  it.each([
    ['lab-a', 'lab-a'],
    [' lab-a ', 'lab-a'],
    ['lab-a/', 'lab-a'],
    ['s3://lab-a', 'lab-a'],
    ['s3://lab-a/', 'lab-a'],
    ['https://catalog.example.com/b/lab-a', 'lab-a'],
  ])('reads %j', (text, bucket) => {
    expect(bucketArgument(text)).toBe(bucket)
  })

  it.each(['s3://lab-a/raw/x', 'quilt+s3://lab-a#package=a/b', 'a b', ''])('refuses %j', (text) => {
    expect(() => bucketArgument(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})

describe('bucketPlace', () => {
  it('keeps the prefix that was named along', () => {
    expect(bucketPlace('s3://lab-a/raw/')).toEqual({ bucket: 'lab-a', prefix: 'raw/' })
  })
})

describe('oneOf', () => {
  it('takes what is given once, or twice the same', () => {
    expect([oneOf('bucket', 'a', undefined), oneOf('bucket', undefined, 'a'), oneOf('bucket', 'a', 'a')]).toEqual([
      'a',
      'a',
      'a',
    ])
    expect(oneOf('bucket', undefined, undefined)).toBeUndefined()
  })

  it('refuses a contradiction', () => {
    expect(() => oneOf('bucket', 'a', 'b')).toThrow('bucket is given twice and differs: "a" and "b"')
  })
})
