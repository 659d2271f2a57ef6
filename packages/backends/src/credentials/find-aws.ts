// Whether this machine has AWS credentials, and where: answered from variables and files alone, so that a start waits for nobody.
import { readFile } from 'node:fs/promises'
import { nearNames, QuiltError } from '@quilt-mcp/core'
import { type AwsSettings, readAwsProfiles } from './aws-profiles.js'
import { type AwsSettingsOptions, profileOf } from './aws-settings.js'

/** How a profile gets its credentials. */
export type ProfileKind = 'keys' | 'sso' | 'login' | 'process' | 'web-identity' | 'role'

/** What the AWS SDK's own chain will use, in its order. */
export type AwsCredentialsFound =
  | { readonly kind: 'environment' | 'web-identity' | 'container' | 'instance'; readonly explanation: string }
  | { readonly kind: 'profile'; readonly profile: string; readonly by: ProfileKind; readonly explanation: string }
  | { readonly kind: 'unknown-profile' | 'unreadable' | 'none'; readonly explanation: string }

export interface FindAwsOptions extends AwsSettingsOptions {
  /** Whether this machine is one of Amazon's. Default: what its firmware says (Linux); elsewhere not. */
  readonly isInstance?: (() => Promise<boolean>) | undefined
}

/** Looks for credentials; asks no service whether they work. */
export async function findAwsCredentials(options: FindAwsOptions): Promise<AwsCredentialsFound> {
  try {
    return await look(options)
  } catch (error) {
    if (!(error instanceof QuiltError)) throw error
    return { kind: 'unreadable', explanation: `${error.message}. ${error.hint ?? ''}`.trim() }
  }
}

async function look(options: FindAwsOptions): Promise<AwsCredentialsFound> {
  const { env } = options
  const { name, named } = profileOf(options)
  if (!named && env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) {
    return { kind: 'environment', explanation: 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set.' }
  }
  const { profiles } = await readAwsProfiles(options)
  const profile = profiles.get(name)
  const by = profile === undefined ? undefined : profileKind(profile)
  if (by !== undefined)
    return { kind: 'profile', profile: name, by, explanation: `AWS profile ${name} (${words[by]}).` }
  if (named && profile === undefined)
    return { kind: 'unknown-profile', explanation: unknown(name, [...profiles.keys()]) }
  if (env.AWS_WEB_IDENTITY_TOKEN_FILE && env.AWS_ROLE_ARN) {
    return { kind: 'web-identity', explanation: 'AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are set.' }
  }
  if (env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || env.AWS_CONTAINER_CREDENTIALS_FULL_URI) {
    return { kind: 'container', explanation: 'The container has a role.' }
  }
  if (await mayBeInstance(options)) return { kind: 'instance', explanation: 'This machine is an EC2 instance.' }
  return {
    kind: 'none',
    explanation:
      'Set AWS_PROFILE to a profile of your AWS settings, or run `aws configure sso` or `aws configure` to make one.',
  }
}

const words: Readonly<Record<ProfileKind, string>> = {
  keys: 'access keys',
  sso: 'single sign-on',
  login: 'aws login',
  process: 'a program of yours',
  'web-identity': 'a web identity',
  role: 'a role',
}

function profileKind(settings: AwsSettings): ProfileKind | undefined {
  if (settings.aws_access_key_id && settings.aws_secret_access_key) return 'keys'
  if (settings.web_identity_token_file && settings.role_arn) return 'web-identity'
  if (settings.role_arn || settings.credential_source) return 'role'
  if (settings.sso_session || settings.sso_start_url) return 'sso'
  if (settings.login_session) return 'login'
  return settings.credential_process ? 'process' : undefined
}

function unknown(name: string, known: readonly string[]): string {
  const near = nearNames(name, known)
  const meant = near.length > 0 ? near : known.slice(0, 10)
  const there =
    meant.length === 0 ? 'There are no profiles yet: run `aws configure sso`.' : `There are: ${meant.join(', ')}.`
  return `There is no AWS profile ${name}. ${there}`
}

async function mayBeInstance({ env, isInstance = firmwareSaysAmazon }: FindAwsOptions): Promise<boolean> {
  const { AWS_EC2_METADATA_DISABLED: disabled, AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint } = env
  if (disabled !== undefined && disabled !== '' && disabled !== 'false') return false
  return Boolean(endpoint) || isInstance()
}

/** The signs that cloud-init reads; asking the metadata service would cost a second on every other machine. */
async function firmwareSaysAmazon(): Promise<boolean> {
  const signs = await Promise.all([
    startsWith('/sys/devices/virtual/dmi/id/sys_vendor', 'Amazon EC2'),
    startsWith('/sys/hypervisor/uuid', 'ec2'), // instances on Xen
  ])
  return signs.includes(true)
}

async function startsWith(path: string, start: string): Promise<boolean> {
  try {
    return (await readFile(path, 'utf8')).startsWith(start)
  } catch {
    return false // no such file: not Linux, or nothing to ask
  }
}
