// The machine's own AWS identity, by the SDK's own provider chain.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { awsMachine } from '../test/aws-machine.js'
import { refusalOf } from '../test/collect.js'
import { faultServer, json, text } from '../test/fault-server.js'
import { testHttp } from '../test/s3-server.js'
import type { AwsPlace } from './aws-profiles.js'
import { type ChainOptions, chainCredentials } from './chain.js'

const keysOf = (id: string) => `aws_access_key_id = ${id}\naws_secret_access_key = secret\n`
const chain = (place: AwsPlace, options: Partial<ChainOptions> = {}) =>
  chainCredentials({ ...place, http: testHttp(), isInstance: async () => false, ...options })

const issued = { AccessKeyId: 'ASIAROLE', SecretAccessKey: 's', Token: 't', Expiration: '2099-01-01T00:00:00Z' }
const asRole = {
  accessKeyId: 'ASIAROLE',
  secretAccessKey: 's',
  sessionToken: 't',
  expiresAtMs: Date.parse(issued.Expiration),
}

describe('the credentials of this machine', () => {
  it('are those of the environment: with no session token and no end when there are none', async () => {
    const variables = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'secret' }
    expect(await chain(awsMachine({}, variables)).get()).toEqual({
      accessKeyId: 'AKIAENV',
      secretAccessKey: 'secret',
    })
    expect(await chain(awsMachine({}, { ...variables, AWS_SESSION_TOKEN: 't' })).get()).toMatchObject({
      sessionToken: 't',
    })
  })

  it('are those of a profile', async () => {
    const place = awsMachine({ config: `[profile lab]\n${keysOf('AKIALAB')}` }, { AWS_PROFILE: 'lab' })
    expect((await chain(place).get()).accessKeyId).toBe('AKIALAB')
  })

  it('are those of the profile that was asked for, whatever the environment says', async () => {
    const place = awsMachine(
      { credentials: `[lab]\n${keysOf('AKIALAB')}` },
      { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'secret' },
    )
    expect((await chain(place, { profile: 'lab' }).get()).accessKeyId).toBe('AKIALAB')
  })

  it('are those of a program', async () => {
    const answer = { Version: 1, AccessKeyId: 'AKIAPROGRAM', SecretAccessKey: 's' }
    const place = awsMachine({})
    writeFileSync(join(place.homeDir, 'keys.mjs'), `console.log(${JSON.stringify(JSON.stringify(answer))})`)
    const command = `"${process.execPath}" "${join(place.homeDir, 'keys.mjs')}"`
    writeFileSync(join(place.homeDir, 'config'), `[profile program]\ncredential_process = ${command}\n`)
    process.env.AWS_CONFIG_FILE = join(place.homeDir, 'config')
    const env = { ...place.env, AWS_CONFIG_FILE: process.env.AWS_CONFIG_FILE }
    expect((await chain({ ...place, env }, { profile: 'program' }).get()).accessKeyId).toBe('AKIAPROGRAM')
  })

  it('are those of the container', async () => {
    const container = await faultServer(json(issued))
    const place = awsMachine({}, { AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url })
    expect(await chain(place).get()).toEqual(asRole)
  })

  it('are those of the instance', async () => {
    const metadata = await faultServer((request, ...rest) =>
      (request.url?.endsWith('/token')
        ? text('metadata-token')
        : request.url?.endsWith('/lab-role')
          ? json({ Code: 'Success', ...issued })
          : text('lab-role'))(request, ...rest),
    )
    const place = awsMachine(
      {},
      { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url },
    )
    expect(await chain(place).get()).toMatchObject({ accessKeyId: 'ASIAROLE', sessionToken: 't' })
  })
})

describe('they are found', () => {
  it('once for all who ask', async () => {
    const container = await faultServer(json(issued))
    const source = chain(awsMachine({}, { AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url }))
    await Promise.all([source.get(), source.get(), source.available()])
    expect(container.requests).toHaveLength(1)
  })

  it('again after AWS refused them: by then a file may say other ones', async () => {
    const place = awsMachine({ credentials: `[default]\n${keysOf('AKIAOLD')}` })
    const source = chain(place)
    const old = await source.get()
    writeFileSync(join(place.homeDir, '.aws', 'credentials'), `[default]\n${keysOf('AKIANEW')}`)
    expect((await source.get()).accessKeyId).toBe('AKIAOLD')
    source.drop(old)
    expect((await source.get()).accessKeyId).toBe('AKIANEW')
  })

  it('again five minutes before their end', async () => {
    let nowMs = Date.now()
    const Expiration = new Date(nowMs + 3_600_000).toISOString()
    const container = await faultServer(json({ ...issued, Expiration }))
    const source = chain(awsMachine({}, { AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url }), { now: () => nowMs })
    await source.get()
    nowMs += 3_600_000 - 300_000
    await source.get()
    expect(container.requests).toHaveLength(2)
  })
})

describe('when they cannot be had', () => {
  it('nothing set up is unauthenticated, with how to set it up, and is not looked for with every call', async () => {
    const source = chain(awsMachine())
    const error = await refusalOf(source.get())
    expect([error.code, error.details?.reason]).toEqual(['unauthenticated', 'no-aws-credentials'])
    expect(error.hint).toContain('aws configure sso')
    expect(await refusalOf(source.get())).toBe(error)
  })

  it('a profile that does not exist is named, with those that do', async () => {
    const place = awsMachine({ config: `[profile lab]\n${keysOf('AKIALAB')}` }, { AWS_PROFILE: 'labb' })
    const error = await refusalOf(chain(place).get())
    expect([error.code, error.message]).toEqual(['unauthenticated', 'There is no AWS profile labb. There are: lab.'])
  })

  it('an expired single sign-on says which command signs in again', async () => {
    const cached = {
      startUrl: 'https://lab.example.com/start',
      accessToken: 'secret-token',
      expiresAt: '2020-01-01T00:00:00Z',
    }
    const place = awsMachine(
      {
        config: [
          '[profile lab]',
          'sso_session = lab',
          'sso_account_id = 111122223333',
          'sso_role_name = Reader',
          '[sso-session lab]',
          'sso_region = us-east-1',
          'sso_start_url = https://lab.example.com/start',
        ].join('\n'),
        [`sso/cache/${createHash('sha1').update('lab').digest('hex')}.json`]: JSON.stringify(cached),
      },
      { AWS_PROFILE: 'lab' },
    )
    const error = await refusalOf(chain(place).get())
    expect([error.code, error.message]).toEqual(['unauthenticated', 'The AWS profile lab gives no credentials now'])
    expect(error.hint).toContain('aws sso login --profile lab')
    expect(JSON.stringify(error)).not.toContain('secret-token')
  })

  it('a program that fails is not quoted', async () => {
    const place = awsMachine(
      {
        config: `[profile p]\ncredential_process = "${process.execPath}" -e "console.error('secret'); process.exit(1)"\n`,
      },
      { AWS_PROFILE: 'p' },
    )
    const error = await refusalOf(chain(place).get())
    expect([error.code, error.hint]).toEqual([
      'unauthenticated',
      'Run the credential_process of the profile p by hand, and see why it fails.',
    ])
    expect(error.message).not.toContain('secret')
  })

  describe('a role', () => {
    const config = `[profile lab]\nrole_arn = arn:aws:iam::111122223333:role/lab\nsource_profile = base\n[profile base]\n${keysOf('AKIABASE')}`
    const roleAt = (url: string) =>
      chain(awsMachine({ config }, { AWS_PROFILE: 'lab', AWS_ENDPOINT_URL_STS: url })).get()

    it('is assumed with the keys of its source profile', async () => {
      const { AccessKeyId, SecretAccessKey, Token, Expiration } = issued
      const credentials = `<AccessKeyId>${AccessKeyId}</AccessKeyId><SecretAccessKey>${SecretAccessKey}</SecretAccessKey><SessionToken>${Token}</SessionToken><Expiration>${Expiration}</Expiration>`
      const sts = await faultServer(
        text(
          `<AssumeRoleResponse><AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult></AssumeRoleResponse>`,
          200,
          { 'content-type': 'text/xml' },
        ),
      )
      expect(await roleAt(sts.url)).toEqual(asRole)
      expect(sts.headers[0]?.authorization).toContain('Credential=AKIABASE/')
    })

    it('that STS refuses says what to check', async () => {
      const refusal = '<ErrorResponse><Error><Code>AccessDenied</Code><Message>secret</Message></Error></ErrorResponse>'
      const sts = await faultServer(text(refusal, 403, { 'content-type': 'text/xml' }))
      const error = await refusalOf(roleAt(sts.url))
      expect([error.code, error.message]).toEqual(['unauthenticated', 'The AWS profile lab gives no credentials now'])
      expect(error.hint).toContain('role_arn')
    })

    it('whose STS cannot be reached is a failure of the network', async () => {
      expect((await refusalOf(roleAt('http://127.0.0.1:1'))).code).toBe('upstream')
    })
  })

  it('a container that answers nonsense is unauthenticated', async () => {
    const container = await faultServer(text('no', 404))
    const place = awsMachine({}, { AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url })
    const error = await refusalOf(chain(place).get())
    expect([error.code, error.details]).toEqual(['unauthenticated', { source: 'container' }])
  })

  it('a failure is not kept: the next call looks again', async () => {
    let up = false
    const container = await faultServer((...request) => (up ? json(issued) : text('no', 404))(...request))
    const source = chain(awsMachine({}, { AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url }))
    await refusalOf(source.get())
    up = true
    expect((await source.get()).accessKeyId).toBe('ASIAROLE')
  })
})
