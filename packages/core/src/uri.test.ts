import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatQuiltUri, parsePackageSpec, parseQuiltUri, type QuiltUri } from './uri.js'

const topHash = 'e21682f00929661879633a5128aaa27cc7bc1e2973d49d4c868a90f9fad9f34b'
const invalid = expect.objectContaining({ code: 'invalid_input' })

describe('a quilt+s3 URI (formats.md 10.1)', () => {
  it.each<[string, QuiltUri]>([
    [
      `quilt+s3://quilt-example#package=akarve/cord19@${topHash}&path=CORD19.ipynb`,
      { bucket: 'quilt-example', name: 'akarve/cord19', topHash, path: 'CORD19.ipynb' },
    ],
    ['quilt+s3://bkt#package=quilt/test:latest', { bucket: 'bkt', name: 'quilt/test', tag: 'latest' }],
    [
      'quilt+s3://bkt#package=quilt/test@abc1&path=sub%2Fpath&catalog=quilt-test',
      { bucket: 'bkt', name: 'quilt/test', topHash: 'abc1', path: 'sub/path', catalog: 'quilt-test' },
    ],
    ['quilt+s3://bkt#package=quilt/test', { bucket: 'bkt', name: 'quilt/test' }],
    ['quilt+s3://bkt#package=команда/x:1599696096', { bucket: 'bkt', name: 'команда/x', tag: '1599696096' }],
    ['quilt+s3://bkt#package=a/b&path=100%25%20%2B%20%23%2F', { bucket: 'bkt', name: 'a/b', path: '100% + #/' }],
  ])('%s reads and writes', (text, uri) => {
    expect(parseQuiltUri(text)).toEqual(uri)
    expect(formatQuiltUri(uri)).toBe(text)
  })

  it.each<[string, QuiltUri]>([
    [
      'quilt+s3://bkt#path=a%2Fb&catalog=c.example.com&x=1&package=a/b',
      { bucket: 'bkt', name: 'a/b', path: 'a/b', catalog: 'c.example.com' },
    ],
    ['quilt+s3://bkt#package=a%2Fb%3Alatest', { bucket: 'bkt', name: 'a/b', tag: 'latest' }],
    ['quilt+s3://bkt#package=a/b&path=dir/x+y', { bucket: 'bkt', name: 'a/b', path: 'dir/x y' }],
    ['QUILT+S3://bkt#package=a/b@ABC1', { bucket: 'bkt', name: 'a/b', topHash: 'abc1' }],
    ['quilt+s3://bkt#package=a/b&path=', { bucket: 'bkt', name: 'a/b' }],
    ['quilt+s3://bkt#package=a/b&path=a%252Fb', { bucket: 'bkt', name: 'a/b', path: 'a%2Fb' }],
  ])('%s is understood', (text, uri) => {
    expect(parseQuiltUri(text)).toEqual(uri)
  })

  it.each([
    ['s3://bkt#package=a/b', 'it does not start with quilt+s3://'],
    ['quilt+s3:bkt#package=a/b', 'it does not start with quilt+s3://'],
    ['quilt+s3://bkt/dir#package=a/b', 'nothing but the bucket may stand before the "#"'],
    ['quilt+s3://bkt?x#package=a/b', 'nothing but the bucket may stand before the "#"'],
    ['quilt+s3://bkt', 'it names no package'],
    ['quilt+s3://bkt#path=x', 'it names no package'],
    ['quilt+s3://bkt#package=a/b&package=a/c', 'package stands there more than once'],
    ['quilt+s3://bkt#package=a/b&path=x&path=y', 'path stands there more than once'],
    ['quilt+s3://bkt#package=a/b&catalog=https://x', 'catalog is not a host name'],
  ])('%s is refused: %s', (text, reason) => {
    expect(() => parseQuiltUri(text)).toThrow(`is not a Quilt package URI: ${reason}`)
  })

  it.each(['', 'a b'])('refuses the bucket %j', (bucket) => {
    expect(() => parseQuiltUri(`quilt+s3://${bucket}#package=a/b`)).toThrow('is not a bucket name')
  })

  it('goes round, whatever the path', () => {
    const uris = fc.record(
      {
        bucket: fc.constantFrom('bkt', 'a.b-c'),
        name: fc.constantFrom('a/b', 'Ä/²'),
        path: fc.string({ unit: 'binary', minLength: 1 }),
        catalog: fc.constant('catalog.example.com'),
      },
      { requiredKeys: ['bucket', 'name'] },
    )
    const revisions = fc.constantFrom({}, { topHash }, { topHash: 'abc' }, { tag: 'latest' })
    fc.assert(
      fc.property(uris, revisions, (uri, revision) => {
        expect(parseQuiltUri(formatQuiltUri({ ...uri, ...revision }))).toEqual({ ...uri, ...revision })
      }),
    )
  })
})

describe('parsePackageSpec', () => {
  it.each([
    ['a/b', { name: 'a/b' }],
    ['a/b@ab12', { name: 'a/b', topHash: 'ab12' }],
    ['a/b:latest', { name: 'a/b', tag: 'latest' }],
  ])('reads %s', (text, spec) => {
    expect(parsePackageSpec(text)).toEqual(spec)
  })

  it.each([
    'a',
    'a/b@',
    'a/b:',
    '@abc',
    'a/b@abc:latest',
    'a/b@a@b',
    'a/b@xyz',
    `a/b@${topHash}0`,
    'a/b:x/y',
    'a/b c',
  ])('refuses %s', (text) => {
    expect(() => parsePackageSpec(text)).toThrow(invalid)
  })
})

it.each<QuiltUri>([
  { bucket: 'a/b', name: 'a/b' },
  { bucket: 'b', name: 'a' },
  { bucket: 'b', name: 'a/b', topHash: 'ab', tag: 'latest' },
  { bucket: 'b', name: 'a/b', topHash: 'AB' },
  { bucket: 'b', name: 'a/b', tag: 'x&path=y' },
  { bucket: 'b', name: 'a/b', catalog: 'x&path=y' },
  { bucket: 'b', name: 'a/b', path: '\ud83d' },
])('formatQuiltUri refuses %j', (uri) => {
  expect(() => formatQuiltUri(uri)).toThrow(invalid)
})
