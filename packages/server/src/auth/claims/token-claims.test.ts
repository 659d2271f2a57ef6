import { describe, expect, it } from 'vitest'
import { readClaims } from './token-claims.js'

const role = 'arn:aws:iam::123456789012:role/lab/reader'
const read = (claims: Record<string, unknown>) => readClaims({ sub: 'ada', ...claims })

describe('readClaims', () => {
  it('finds a subject under each name it has had, and no token without one', () => {
    expect(readClaims({ sub: 'a' })?.subject).toBe('a')
    expect(readClaims({ user_id: 'b' })?.subject).toBe('b')
    expect(readClaims({ id: 'c' })?.subject).toBe('c')
    expect(readClaims({ sub: '', exp: 1 })).toBeUndefined()
    expect(readClaims({ sub: 7 })).toBeUndefined()
  })

  it('says nothing of rights that the token does not name', () => {
    expect(read({})).toEqual({
      subject: 'ada',
      roles: [],
      sessionTags: [],
      transitiveTagKeys: [],
      scopes: [],
    })
  })

  it.each([
    ['role_arn', { role_arn: role }],
    ['roleArn', { roleArn: role }],
    ['aws_role_arn', { aws_role_arn: role }],
    ['awsRoleArn', { awsRoleArn: role }],
    ['an ARN among the roles', { roles: ['reader', role] }],
  ])('takes the role to assume from %s', (_name, claims) => {
    expect(read(claims)?.roleArn).toBe(role)
  })

  it('takes no role that is not an IAM role', () => {
    expect(read({ role_arn: 'arn:aws:s3:::bucket' })?.roleArn).toBeUndefined()
    expect(read({ role_arn: ['x'] })?.roleArn).toBeUndefined()
  })

  it.each([
    ['permissions', { permissions: ['s3:GetObject'] }],
    ['letters', { p: ['g'] }],
    ['claims.permissions', { claims: { permissions: ['s3:GetObject'] } }],
    ['scopes that are actions', { scopes: ['openid', 's3:GetObject'] }],
    ['authorities that are actions', { authorities: ['ROLE_USER', 's3:GetObject'] }],
    ['the long form beside the short one', { permissions: ['s3:GetObject'], p: ['p', 'd'] }],
  ])('reads permissions from %s', (_name, claims) => {
    expect(read(claims)?.permissions).toEqual(['s3:GetObject'])
  })

  it.each([
    ['g', 's3:GetObject'],
    ['la', 's3:ListAllMyBuckets'],
    ['amu', 's3:AbortMultipartUpload'],
    ['pbl', 's3:PutBucketLifecycle'],
    ['dc', 's3:DeleteObjectLegalHold'],
    ['gb', 's3:GetBucketLocation'],
    ['gl', 's3:GetObjectLockConfiguration'],
    ['athena:StartQueryExecution', 'athena:StartQueryExecution'],
  ])('expands %s to %s', (letter, action) => {
    expect(read({ p: [letter] })?.permissions).toEqual([action])
  })

  it.each([
    ['a list', ['a', 'b', 'a'], ['a', 'b']],
    [
      'groups',
      { _type: 'groups', _data: { quilt: ['sandbox-bucket', 'sales-raw'], cell: ['cellpainting-gallery'] } },
      ['quilt-sandbox-bucket', 'quilt-sales-raw', 'cell-cellpainting-gallery'],
    ],
    ['patterns', { _type: 'patterns', _data: { quilt: ['x'], other: ['y'] } }, ['quilt-x', 'y']],
    ['a compressed list', { _type: 'compressed', _data: Buffer.from('["a","b"]').toString('base64') }, ['a', 'b']],
  ])('reads buckets from %s', (_name, b, expected) => {
    expect(read({ b })?.buckets).toEqual(expected)
    expect(read({ accessible_buckets: b, b: ['other'] })?.buckets).toEqual(expected)
  })

  it.each([
    ['a text', 'lab-a'],
    ['null', null],
    ['an unknown form', { _type: 'regex', _data: '.*' }],
    ['bad base64', { _type: 'compressed', _data: '%%%' }],
    ['base64 of no JSON', { _type: 'compressed', _data: Buffer.from('[').toString('base64') }],
    ['base64 of no list of texts', { _type: 'compressed', _data: Buffer.from('[1]').toString('base64') }],
    ['groups of no lists', { _type: 'groups', _data: { quilt: 'x' } }],
    ['a list with a number', ['a', 1]],
  ])('grants nothing for buckets that are %s', (_name, b) => {
    expect(read({ b, permissions: b })).toMatchObject({ buckets: [], permissions: [] })
  })

  it('knows the level of a compressed token, `read` unless it says another', () => {
    expect(read({ p: ['g'] })?.level).toBe('read')
    expect(read({ p: ['g'], l: 'write' })?.level).toBe('write')
    expect(read({ permissions: [] })?.level).toBeUndefined()
  })

  it('reads scopes from text and from a list', () => {
    expect(read({ scope: 'platform  read' })?.scopes).toEqual(['platform', 'read'])
    expect(read({ s: ['w'] })?.scopes).toEqual(['w'])
  })

  it('reads session tags from a list and from an object', () => {
    const tags = [{ key: 'team', value: 'rna' }]
    expect(read({ session_tags: [{ Key: 'team', Value: 'rna' }], transitiveTagKeys: ['team'] })).toMatchObject({
      sessionTags: tags,
      transitiveTagKeys: ['team'],
    })
    expect(read({ tags: { team: 'rna' } })?.sessionTags).toEqual(tags)
    expect(read({ tags: { team: 7 } })?.sessionTags).toEqual([])
  })

  it('reads embedded credentials in either spelling, and none that are incomplete', () => {
    const expected = { accessKeyId: 'AK', secretAccessKey: 's', sessionToken: 't', expiresAtMs: 1_700_000_000_000 }
    expect(
      read({
        aws_credentials: { access_key_id: 'AK', secret_access_key: 's', session_token: 't', expiration: 1_700_000_000 },
      })?.awsCredentials,
    ).toEqual(expected)
    expect(
      read({
        tempCredentials: {
          accessKeyId: 'AK',
          secretAccessKey: 's',
          sessionToken: 't',
          expiration: '2023-11-14T22:13:20Z',
        },
      })?.awsCredentials,
    ).toEqual(expected)
    expect(read({ credentials: { accessKeyId: 'AK' } })?.awsCredentials).toBeUndefined()
  })

  it('reads the 32 buckets of a large token', () => {
    const names = Array.from({ length: 32 }, (_, index) => `lab-${index}`)
    expect(read({ b: { _type: 'groups', _data: { lab: names.map((name) => name.slice(4)) } } })?.buckets).toEqual(names)
  })
})
