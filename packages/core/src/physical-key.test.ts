import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPhysicalKey, type PhysicalKey, parsePhysicalKey } from './physical-key.js'

const s3 = (bucket: string, key: string, versionId?: string): PhysicalKey =>
  versionId === undefined ? { kind: 's3', bucket, key } : { kind: 's3', bucket, key, versionId }
const file = (path: string): PhysicalKey => ({ kind: 'file', path })
const invalid = expect.objectContaining({ code: 'invalid_input' })

describe('a physical key and its URL (formats.md 2.7)', () => {
  it.each([
    [s3('bkt', 'a b/c+d#e?f%g.txt', 'v1'), 's3://bkt/a%20b/c%2Bd%23e%3Ff%25g.txt?versionId=v1'],
    [s3('bkt', "it's (1)!*~_-.txt"), 's3://bkt/it%27s%20%281%29%21%2A~_-.txt'],
    [s3('bkt', 'ключ/é.txt', 'null'), 's3://bkt/%D0%BA%D0%BB%D1%8E%D1%87/%C3%A9.txt?versionId=null'],
    [s3('bkt', '/lead/x', 'a/b+c=='), 's3://bkt//lead/x?versionId=a%2Fb%2Bc%3D%3D'],
    [s3('bkt', 'x;y:z@w&=,$.txt', '.AbC_d-e'), 's3://bkt/x%3By%3Az%40w%26%3D%2C%24.txt?versionId=.AbC_d-e'],
    [s3('bkt', 'dir//dbl', 'v'), 's3://bkt/dir//dbl?versionId=v'],
    [s3('BKT', 'k', 'a b'), 's3://BKT/k?versionId=a+b'],
    [s3('bkt', ''), 's3://bkt/'],
    [file('/data/a b/é#%?.txt'), 'file:///data/a%20b/%C3%A9%23%25%3F.txt'],
    [file("/data/it's (1)!*~;:@&=+$,.txt"), 'file:///data/it%27s%20%281%29%21%2A~%3B%3A%40%26%3D%2B%24%2C.txt'],
    [file('C:/Users/a b/é#.txt'), 'file:///C:/Users/a%20b/%C3%A9%23.txt'],
    [file('/C:/on posix'), 'file:///C%3A/on%20posix'],
    [file('/data/dir/'), 'file:///data/dir/'],
  ])('%j is %s', (key, url) => {
    expect(formatPhysicalKey(key)).toBe(url)
    expect(parsePhysicalKey(url)).toEqual(key)
  })

  it('go round, whatever the components', () => {
    const text = fc.string({ unit: 'binary' })
    const s3Key = fc
      .tuple(text, fc.option(fc.string({ unit: 'binary', minLength: 1 }), { nil: undefined }))
      .map(([key, versionId]) => s3('bkt', key, versionId))
    const fileKey = text.map((path) => file(`/${path}`))
    fc.assert(
      fc.property(fc.oneof(s3Key, fileKey), (key) => {
        expect(parsePhysicalKey(formatPhysicalKey(key))).toEqual(key)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('parsePhysicalKey', () => {
  it.each([
    ['s3://bkt/a+b', s3('bkt', 'a+b')],
    ['s3://bkt/100%', s3('bkt', '100%')],
    ['s3://bkt/%zz%20', s3('bkt', '%zz ')],
    ['s3://bkt', s3('bkt', '')],
    ['s3://bkt/k?versionId=', s3('bkt', 'k')],
    ['s3://bkt/k?versionId=1&versionId=2', s3('bkt', 'k', '1')],
    ['s3://bkt/k#fragment', s3('bkt', 'k')],
    ['s3://bkt/k?versionId=1#fragment', s3('bkt', 'k', '1')],
    ['S3://Bkt/K', s3('Bkt', 'K')],
    ['s3://bkt/é (1)', s3('bkt', 'é (1)')],
    ['file://localhost/data/x', file('/data/x')],
    ['file:///c:/x', file('c:/x')],
  ])('reads %s', (url, key) => {
    expect(parsePhysicalKey(url)).toEqual(key)
  })

  it.each([
    'https://bkt.s3.amazonaws.com/k',
    's3:/bkt/k',
    's3:///k',
    's3://bkt/k?version=1',
    's3://bkt/what?.txt&x=1',
    's3://b:80@x/k',
    's3://bkt/%ff',
    'file://server/share/x',
    'file://',
    'file:///x?y=1',
    'data/x',
    '',
  ])('refuses %j', (url) => {
    expect(() => parsePhysicalKey(url)).toThrow(invalid)
  })
})

describe('formatPhysicalKey', () => {
  it('takes Windows paths with backslashes', () => {
    expect(formatPhysicalKey(file('C:\\Users\\a b'))).toBe('file:///C:/Users/a%20b')
  })

  it.each([
    s3('a/b', 'k'),
    s3('', 'k'),
    s3('b#', 'k'),
    s3('b', '\ud83d'),
    file('data/x'),
    file('\\\\server\\share'),
    file(''),
  ])('refuses %j', (key) => {
    expect(() => formatPhysicalKey(key)).toThrow(invalid)
  })
})
