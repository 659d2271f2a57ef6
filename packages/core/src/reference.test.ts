import { describe, expect, it } from 'vitest'
import { objectUrl, packageUrl } from './catalog-url.js'
import { parseReference, type Reference } from './reference.js'

const origin = 'https://catalog.example.com'
const topHash = '2a5a67156ca9238c14d12042db51c5b52260fdd5511b61ea89b58929d6e1769b'

describe('parseReference', () => {
  it.each<[string, Reference]>([
    ['ns/pkg', { kind: 'package', name: 'ns/pkg' }],
    [' ns/pkg\n', { kind: 'package', name: 'ns/pkg' }],
    ['ns/pkg@abc123', { kind: 'package', name: 'ns/pkg', revision: 'abc123' }],
    ['ns/pkg:latest', { kind: 'package', name: 'ns/pkg', revision: 'latest' }],
    ['quilt+s3://bkt#package=ns/pkg', { kind: 'package', bucket: 'bkt', name: 'ns/pkg' }],
    [
      `quilt+s3://bkt#package=ns/pkg@${topHash}&path=a%2Fb.csv`,
      { kind: 'package', bucket: 'bkt', name: 'ns/pkg', revision: topHash, path: 'a/b.csv' },
    ],
    ['s3://bkt', { kind: 'bucket', bucket: 'bkt' }],
    ['s3://bkt/', { kind: 'bucket', bucket: 'bkt' }],
    ['s3://bkt/a%20b.csv', { kind: 'object', bucket: 'bkt', key: 'a b.csv' }],
    ['s3://bkt/a b.csv?versionId=v1', { kind: 'object', bucket: 'bkt', key: 'a b.csv', versionId: 'v1' }],
    ['s3://bkt/dir/', { kind: 'object', bucket: 'bkt', key: 'dir/' }],
    [`${origin}/b/bkt`, { kind: 'bucket', bucket: 'bkt' }],
    [`${origin}/b/bkt/tree/`, { kind: 'bucket', bucket: 'bkt' }],
    [`${origin}/b/bkt/packages/?name=x`, { kind: 'bucket', bucket: 'bkt' }],
    [`${origin}/b/bkt/workflows/alpha`, { kind: 'bucket', bucket: 'bkt' }],
    [
      objectUrl(origin, { bucket: 'bkt', key: 'a b/..//c#.csv', versionId: 'v/1+=' }),
      { kind: 'object', bucket: 'bkt', key: 'a b/..//c#.csv', versionId: 'v/1+=' },
    ],
    [packageUrl(origin, { bucket: 'bkt', name: 'ns/pkg' }), { kind: 'package', bucket: 'bkt', name: 'ns/pkg' }],
    [`${origin}/b/bkt/packages/ns/pkg/`, { kind: 'package', bucket: 'bkt', name: 'ns/pkg' }],
    [`${origin}/b/bkt/packages/ns/pkg/revisions?p=2`, { kind: 'package', bucket: 'bkt', name: 'ns/pkg' }],
    [
      packageUrl(origin, { bucket: 'bkt', name: 'ns/pkg', topHash }),
      { kind: 'package', bucket: 'bkt', name: 'ns/pkg', revision: topHash },
    ],
    [
      packageUrl(origin, { bucket: 'bkt', name: 'ns/pkg', path: 'a b/c?.csv' }),
      { kind: 'package', bucket: 'bkt', name: 'ns/pkg', revision: 'latest', path: 'a b/c?.csv' },
    ],
    [
      `http://localhost:3000/b/bkt/packages/ns/pkg/tree/1599696096/dir/`,
      { kind: 'package', bucket: 'bkt', name: 'ns/pkg', revision: '1599696096', path: 'dir/' },
    ],
    [
      `${origin}/uri/${encodeURIComponent('quilt+s3://bkt#package=ns/pkg:latest')}`,
      { kind: 'package', bucket: 'bkt', name: 'ns/pkg', revision: 'latest' },
    ],
  ])('understands %s', (text, reference) => {
    expect(parseReference(text)).toEqual(reference)
  })

  it.each([
    '',
    'bkt',
    'ns/pkg/file.csv',
    'ns/my pkg',
    'ftp://bkt/x',
    'file:///data/x',
    'https://example.com',
    `${origin}/search?q=x`,
    `${origin}/b/`,
    `${origin}/b/a%20b`,
    `${origin}/b/bkt/packages/ns/pkg/tree/%2E%2E%2Fx/`,
    `${origin}/uri/nonsense`,
    's3:///x',
    's3://bkt/a#b',
    's3://bkt/a?b',
    'quilt+s3://bkt',
  ])('refuses %j', (text) => {
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({ code: 'invalid_input', hint: expect.any(String) }),
    )
  })

  it('says how to write a "#" or "?" of a key', () => {
    expect(() => parseReference('s3://bkt/a#b')).toThrow(
      expect.objectContaining({ hint: 'In a key, write "#" as %23 and "?" as %3F; a version follows as ?versionId=.' }),
    )
  })
})
