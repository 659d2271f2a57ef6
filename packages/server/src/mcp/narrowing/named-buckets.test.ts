import { describe, expect, it } from 'vitest'
import { bucketsNamed } from './named-buckets.js'

const named = (args: Record<string, unknown>) => [...bucketsNamed(args)]

describe('bucketsNamed', () => {
  it.each([
    [{ bucket: 'lab-b' }, 'bucket'],
    [{ bucket: ' lab-b/ ' }, 'bucket'],
    [{ bucket: 's3://lab-b/raw/' }, 'bucket'],
    [{ buckets: ['lab-b'] }, 'buckets.0'],
    [{ target_bucket: 'lab-b' }, 'target_bucket'],
    [{ uri: 's3://lab-b/raw/a.txt?versionId=v1' }, 'uri'],
    [{ uri: 'S3://lab-b/raw/a.txt' }, 'uri'],
    [{ package: 'quilt+s3://lab-b#package=a/b&path=c' }, 'package'],
    [{ package: 'QUILT+S3://lab-b#package=a/b' }, 'package'],
    [{ package: 'https://catalog.example.com/b/lab-b/packages/a/b' }, 'package'],
    [{ target: 'https://catalog.example.com/b/lab-b/tree/raw/a.txt' }, 'target'],
    [{ target: 'https://catalog.example.com/redir/quilt%2Bs3%3A%2F%2Flab-b%23package%3Da%2Fb' }, 'target'],
    [{ base: 'quilt+s3://lab-b#package=a/b' }, 'base'],
    [{ entries: [{ logical_key: 'x', text: 'y' }, { uri: 's3://lab-b/x' }] }, 'entries.1.uri'],
  ])('finds lab-b in %j', (args, argument) => {
    expect(named(args)).toEqual([['lab-b', argument]])
  })

  it.each([
    [{ package: 'study/cells', path: 'lab-b' }],
    [{ uri: 'quilt-platform://buckets' }],
    [{ uri: 'https://example.com/lab-b' }],
    [{ uri: 's3://' }],
    [{ text: 's3://lab-b/x', message: 's3://lab-b/x', metadata: { from: 's3://lab-b/x' } }],
    [{ bucket: undefined, prefix: null, limit: 7 }],
  ])('finds none in %j', (args) => {
    expect(named(args)).toEqual([])
  })
})
