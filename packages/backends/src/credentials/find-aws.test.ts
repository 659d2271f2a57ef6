import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { awsMachine } from '../test/aws-machine.js'
import { findAwsCredentials } from './find-aws.js'

const keys = 'aws_access_key_id = AKIAUSER\naws_secret_access_key = secret\n'
const elsewhere = async () => false

const find = (
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
  options: { readonly profile?: string; readonly isInstance?: () => Promise<boolean> } = {},
) => findAwsCredentials({ ...awsMachine(files, variables), isInstance: elsewhere, ...options })

describe('AWS credentials are found in', () => {
  it.each([
    ['keys', keys],
    ['sso', 'sso_session = lab\nsso_account_id = 1\nsso_role_name = Reader\n'],
    ['sso', 'sso_start_url = https://lab.example.com/start\n'],
    ['role', 'role_arn = arn:aws:iam::111122223333:role/lab\nsource_profile = base\n'],
    ['web-identity', 'role_arn = arn:aws:iam::111122223333:role/lab\nweb_identity_token_file = /token\n'],
    ['process', 'credential_process = /usr/bin/keys\n'],
    ['login', 'login_session = arn:aws:iam::111122223333:user/ada\n'],
  ] as const)('a profile with %s', async (by, settings) => {
    expect(await find({ config: `[profile lab]\n${settings}` }, { AWS_PROFILE: 'lab' })).toMatchObject({
      kind: 'profile',
      profile: 'lab',
      by,
    })
  })

  it('the default profile of either file', async () => {
    expect(await find({ config: `[default]\n${keys}` })).toMatchObject({ kind: 'profile', profile: 'default' })
    expect(await find({ credentials: `[default]\n${keys}` })).toMatchObject({ kind: 'profile', profile: 'default' })
  })

  it('the environment, before the default profile; a named profile is before both', async () => {
    const variables = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'secret' }
    expect((await find({ config: `[default]\n${keys}` }, variables)).kind).toBe('environment')
    expect((await find({ config: `[profile lab]\n${keys}` }, variables, { profile: 'lab' })).kind).toBe('profile')
  })

  it.each([
    ['web-identity', { AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/lab' }],
    ['container', { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/role' }],
    ['instance', { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1' }],
  ])('the %s that variables name', async (kind, variables) => {
    expect((await find({}, variables)).kind).toBe(kind)
  })

  it('the instance that this machine is, unless its metadata is switched off', async () => {
    const isInstance = async () => true
    expect((await find({}, { AWS_EC2_METADATA_DISABLED: 'false' }, { isInstance })).kind).toBe('instance')
    expect((await find({}, { AWS_EC2_METADATA_DISABLED: 'true' }, { isInstance })).kind).toBe('none')
  })
})

describe('a machine without them', () => {
  it('is told how to make some', async () => {
    expect(await find({})).toEqual({
      kind: 'none',
      explanation:
        'Set AWS_PROFILE to a profile of your AWS settings, or run `aws configure sso` or `aws configure` to make one.',
    })
  })

  it('may have settings that are no credentials', async () => {
    expect((await find({ config: '[default]\nregion = eu-west-1\n' })).kind).toBe('none')
  })

  it('is told which profiles there are when it names another', async () => {
    const config = `[profile laboratory]\n${keys}[profile office]\n${keys}`
    expect((await find({ config }, { AWS_PROFILE: 'laboratori' })).explanation).toBe(
      'There is no AWS profile laboratori. There are: laboratory.',
    )
    expect((await find({ config }, { AWS_PROFILE: 'zzz' })).explanation).toBe(
      'There is no AWS profile zzz. There are: laboratory, office.',
    )
    expect((await find({}, { AWS_PROFILE: 'zzz' })).explanation).toBe(
      'There is no AWS profile zzz. There are no profiles yet: run `aws configure sso`.',
    )
  })

  it('is told which file cannot be read', async () => {
    const place = awsMachine({ 'config/a-folder-in-its-place': '' })
    const found = await findAwsCredentials({ ...place, isInstance: elsewhere })
    expect(found.kind).toBe('unreadable')
    expect(found.explanation).toContain(join(place.homeDir, '.aws', 'config'))
  })
})
