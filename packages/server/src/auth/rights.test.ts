import { describe, expect, it } from 'vitest'
import { checkRight, isBounded, type Rights } from './rights.js'

const mayRead = (rights: Rights) => () => checkRight(rights, 's3:GetObject', 'lab-a')

describe('the rights of a token', () => {
  it.each([
    ['the action', 's3:GetObject'],
    ['the action in another case', 'S3:getobject'],
    ['all of S3', 's3:*'],
    ['everything', '*'],
    ['what begins so', 's3:Get*'],
    ['what ends so', '*Object'],
    ['what has it in between', 's3:*Obj*ct'],
    ['stars beside each other', 's3:**GetObject'],
  ])('list %s', (_what, granted) => {
    expect(mayRead({ permissions: ['sts:AssumeRole', granted] })).not.toThrow()
  })

  it.each([
    ['nothing', []],
    ['another action', ['s3:PutObject']],
    ['the version of it alone', ['s3:GetObjectVersion']],
    ['a beginning without a star', ['s3:Get']],
    ['the bare action', ['GetObject']],
    ['another service', ['athena:*']],
    ['a pattern longer than the action', ['s3:GetObject*t']],
    ['parts that overlap', ['s3:GetObj*bject']],
    ['parts in another order', ['s3:*ject*Get*']],
    ['an empty text', ['']],
  ])('do not list it with %s', (_what, permissions) => {
    expect(mayRead({ permissions })).toThrow(
      expect.objectContaining({
        code: 'forbidden',
        message: 'your token does not list the permission s3:GetObject',
        hint: 'Ask who issues your tokens for it; catalog_status says who you are here.',
        details: { action: 's3:GetObject', bucket: 'lab-a', reason: 'token-rights' },
        nextTools: ['catalog_status', 'bucket_list'],
      }),
    )
  })

  it.each([
    [[]],
    [['lab-b']],
    [['LAB-A']],
    [['lab-*']],
    [['*']],
    [['lab-a/']],
  ])('hold for buckets as they are named, letter by letter: %j is not lab-a', (buckets) => {
    expect(mayRead({ buckets })).toThrow('your token does not list the bucket lab-a')
  })

  it('name everything that is missing at once', () => {
    expect(mayRead({ permissions: [], buckets: [] })).toThrow(
      'your token does not list the permission s3:GetObject and the bucket lab-a',
    )
  })

  it('bound nothing where the token says nothing, and all where it lists none', () => {
    expect([isBounded({}), isBounded({ permissions: [] }), isBounded({ buckets: [] })]).toEqual([false, true, true])
    expect(mayRead({})).not.toThrow()
  })

  it('say that it is the request itself, where it is', () => {
    expect(mayRead({ buckets: ['lab-b'], setBy: 'request' })).toThrow(
      expect.objectContaining({
        code: 'forbidden',
        message: 'this request is narrowed to lab-b, not lab-a',
        hint: expect.stringContaining('not your token'),
        details: { bucket: 'lab-a', reason: 'request-narrowing' },
      }),
    )
  })
})
