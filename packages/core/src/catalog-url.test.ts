import { describe, expect, it } from 'vitest'
import { bucketUrl, objectUrl, packageUrl } from './catalog-url.js'

const origin = 'https://catalog.example.com'
const topHash = '2a5a67156ca9238c14d12042db51c5b52260fdd5511b61ea89b58929d6e1769b'

describe('catalog addresses (formats.md 10.2)', () => {
  it.each([
    ['a bucket', bucketUrl(origin, 'bkt'), '/b/bkt'],
    ['an object', objectUrl(origin, { bucket: 'bkt', key: 'a b/c#d?.csv' }), '/b/bkt/tree/a%20b/c%23d%3F.csv'],
    [
      'a version',
      objectUrl(origin, { bucket: 'bkt', key: 'x', versionId: 'a/b+c==' }),
      '/b/bkt/tree/x?version=a%2Fb%2Bc%3D%3D',
    ],
    ['a prefix', objectUrl(origin, { bucket: 'bkt', key: 'dir/' }), '/b/bkt/tree/dir/'],
    ['a package', packageUrl(origin, { bucket: 'bkt', name: 'ns/pkg' }), '/b/bkt/packages/ns/pkg'],
    [
      'a revision',
      packageUrl(origin, { bucket: 'bkt', name: 'ns/pkg', topHash }),
      `/b/bkt/packages/ns/pkg/tree/${topHash}/`,
    ],
    [
      'a path in a revision',
      packageUrl(origin, { bucket: 'bkt', name: 'ns/pkg', topHash, path: 'a b/c.csv' }),
      `/b/bkt/packages/ns/pkg/tree/${topHash}/a%20b/c.csv`,
    ],
    [
      'a directory in the latest revision',
      packageUrl(origin, { bucket: 'bkt', name: 'ns/pkg', path: 'data/' }),
      '/b/bkt/packages/ns/pkg/tree/latest/data/',
    ],
  ])('of %s', (_, url, path) => {
    expect(url).toBe(`${origin}${path}`)
  })

  it('take an origin with a trailing slash', () => {
    expect(bucketUrl('http://localhost:3000/', 'bkt')).toBe('http://localhost:3000/b/bkt')
  })

  it.each([
    '',
    'catalog.example.com',
    'https://x/path',
    'javascript:alert(1)',
    'https://x?y',
  ])('refuse the origin %j', (bad) => {
    expect(() => bucketUrl(bad, 'bkt')).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})
