import { describe, expect, it } from 'vitest'
import { olderSearchArguments } from './older-search.js'

describe('the arguments of older searches', () => {
  it.each([
    [{ query: 'rna' }, { query: 'rna' }],
    [
      { scope: 'entries', explain: true },
      { scope: 'entries', explain: true },
    ],
    [
      { query: 'rna', scope: 'bucket', target: 's3://lab-a', backend: 'auto', explain_query: 'true' },
      { query: 'rna', scope: 'objects', bucket: 'lab-a', explain: true },
    ],
    [{ scope: 'global', include_content_preview: false }, { scope: 'packages' }],
    [{ scope: 'packageEntry' }, { scope: 'entries' }],
    [
      { scope: 'file', target: 'lab-a' },
      { scope: 'objects', bucket: 'lab-a' },
    ],
    [
      { scope: 'package', target: 'study/cells', filters: { ext: 'csv' } },
      { scope: 'entries', filters: { ext: 'csv', name: 'study/cells' } },
    ],
    [
      { scope: 'package', target: 'quilt+s3://lab-a#package=study/cells' },
      { scope: 'entries', bucket: 'lab-a', filters: { name: 'study/cells' } },
    ],
    [
      { scope: 'nowhere', target: 'lab-a' },
      { scope: 'nowhere', bucket: 'lab-a' },
    ],
    [
      { scope: 'bucket', target: 's3://lab-a/raw/' },
      { scope: 'objects', bucket: 's3://lab-a/raw/' },
    ],
    [{ target: 7 }, { target: 7 }],
  ])('%j are %j', (args, ours) => {
    expect(olderSearchArguments(args)).toEqual(ours)
  })
})
