// What the AWS settings of a machine say beside credentials: profile, region and the addresses of services.
import { QuiltError } from '@quilt-mcp/core'
import { type AwsPlace, type AwsProfiles, type AwsSettings, readAwsProfiles } from './aws-profiles.js'

export interface AwsSettingsOptions extends AwsPlace {
  /** Default: `AWS_PROFILE`, then `default`. */
  readonly profile?: string | undefined
}

/** Name of the profile in use, and whether somebody named it. */
export function profileOf({ env, profile }: Pick<AwsSettingsOptions, 'env' | 'profile'>): {
  readonly name: string
  readonly named: boolean
} {
  const name = profile || env.AWS_PROFILE || undefined
  return { name: name ?? 'default', named: name !== undefined }
}

/** Region in which buckets are looked for first: `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's, `us-east-1`. */
export async function awsRegion(options: AwsSettingsOptions): Promise<string> {
  const { AWS_REGION, AWS_DEFAULT_REGION } = options.env
  const named = AWS_REGION || AWS_DEFAULT_REGION
  if (named) return named
  const { profiles } = await readAwsProfiles(options)
  return profiles.get(profileOf(options).name)?.region || 'us-east-1'
}

/** Address of a service that is not Amazon's own, as the SDKs of AWS find it: `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, then the profile.
 * @throws {QuiltError} `invalid_input` when it is no http address */
export async function awsEndpoint(service: 's3' | 'sts', options: AwsSettingsOptions): Promise<string | undefined> {
  const { env } = options
  if (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true') return undefined
  const ofService = `AWS_ENDPOINT_URL_${service.toUpperCase()}`
  if (env[ofService]) return checked(env[ofService], ofService)
  if (env.AWS_ENDPOINT_URL) return checked(env.AWS_ENDPOINT_URL, 'AWS_ENDPOINT_URL')
  const all = await readAwsProfiles(options)
  const { name } = profileOf(options)
  const url = endpointOfProfile(all, all.profiles.get(name) ?? {}, service)
  return url === undefined ? undefined : checked(url, `endpoint_url of the AWS profile ${name}`)
}

function endpointOfProfile({ services }: AwsProfiles, profile: AwsSettings, service: string): string | undefined {
  const ofService = services.get(profile.services ?? '')?.[`${service}.endpoint_url`]
  return ofService || profile.endpoint_url || undefined
}

function checked(url: string, setting: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, '')
  throw new QuiltError('invalid_input', `${setting} is not an http address`, {
    hint: `Set ${setting} to an address like https://s3.example.com, or unset it.`,
  })
}
