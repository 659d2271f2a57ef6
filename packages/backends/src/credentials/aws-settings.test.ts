import { describe, expect, it } from 'vitest'
import { awsMachine } from '../test/aws-machine.js'
import { refusalOf } from '../test/collect.js'
import { readAwsProfiles } from './aws-profiles.js'
import { awsEndpoint, awsRegion } from './aws-settings.js'

const config = [
  '# of the lab',
  '[default]',
  'region = eu-west-1 # Dublin',
  'endpoint_url=https://s3.default.example.com/',
  '',
  '[profile "lab"]',
  'REGION=ap-south-1',
  'services = local',
  '; not this one',
  '[services local]',
  's3 =',
  '  endpoint_url = http://127.0.0.1:9000',
  '  addressing_style = path',
  'sts =',
  '  endpoint_url = http://127.0.0.1:9001',
  '[sso-session lab]',
  'sso_region = us-east-1',
].join('\r\n')

describe('profiles', () => {
  it('come from both files, and the credentials file counts more', async () => {
    const { profiles, services } = await readAwsProfiles(
      awsMachine({ config, credentials: '[lab]\nregion = sa-east-1\naws_access_key_id = AKIA#1\n' }),
    )
    expect([...profiles.keys()]).toEqual(['default', 'lab'])
    expect(profiles.get('default')?.region).toBe('eu-west-1')
    expect(profiles.get('lab')).toEqual({ region: 'sa-east-1', services: 'local', aws_access_key_id: 'AKIA#1' })
    expect(services.get('local')).toMatchObject({ 's3.endpoint_url': 'http://127.0.0.1:9000', s3: '' })
  })

  it('are where AWS_CONFIG_FILE says', async () => {
    const { homeDir, env } = awsMachine({ other: '[profile moved]\nregion = x\n' })
    const place = { homeDir, env: { ...env, AWS_CONFIG_FILE: `${homeDir}/.aws/other` } }
    expect([...(await readAwsProfiles(place)).profiles.keys()]).toEqual(['moved'])
  })
})

describe('the region', () => {
  it.each([
    [{ AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }, undefined, 'a'],
    [{ AWS_DEFAULT_REGION: 'b' }, undefined, 'b'],
    [{}, undefined, 'eu-west-1'],
    [{}, 'lab', 'ap-south-1'],
    [{ AWS_PROFILE: 'lab' }, undefined, 'ap-south-1'],
    [{}, 'other', 'us-east-1'],
  ])('with %j and the profile %s is %s', async (variables, profile, region) => {
    expect(await awsRegion({ ...awsMachine({ config }, variables), profile })).toBe(region)
  })
})

describe('the address of S3', () => {
  it.each([
    [{ AWS_ENDPOINT_URL_S3: 'http://s3:1', AWS_ENDPOINT_URL: 'http://all:1' }, undefined, 'http://s3:1'],
    [{ AWS_ENDPOINT_URL: 'http://all:1/' }, undefined, 'http://all:1'],
    [{}, undefined, 'https://s3.default.example.com'],
    [{}, 'lab', 'http://127.0.0.1:9000'],
    [{}, 'other', undefined],
    [{ AWS_ENDPOINT_URL: 'http://all:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, undefined, undefined],
  ])('with %j and the profile %s is %s', async (variables, profile, url) => {
    expect(await awsEndpoint('s3', { ...awsMachine({ config }, variables), profile })).toBe(url)
  })

  it('is not that of STS', async () => {
    expect(await awsEndpoint('sts', { ...awsMachine({ config }), profile: 'lab' })).toBe('http://127.0.0.1:9001')
  })

  it.each(['localhost:9000', 'ftp://x'])('%s is no address', async (url) => {
    const error = await refusalOf(awsEndpoint('s3', awsMachine({}, { AWS_ENDPOINT_URL: url })))
    expect([error.code, error.message]).toEqual(['invalid_input', 'AWS_ENDPOINT_URL is not an http address'])
  })
})
