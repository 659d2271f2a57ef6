// STS: who credentials belong to, and other roles for them.
import type { Credentials, STSClient } from '@aws-sdk/client-sts'
import { QuiltError } from '@quilt-mcp/core'
import { awsClientConfig } from '../http/aws-client.js'
import type { HttpClient } from '../http/client.js'
import type { AwsCredentials } from './outcome.js'
import { sessionTags } from './session-tags.js'

export interface StsDeps {
  readonly http: HttpClient
  readonly region: string
  /** Address of an STS that is not Amazon's. */
  readonly endpoint?: string | undefined
  /** Who signs. */
  readonly credentials: AwsCredentials
  readonly signal?: AbortSignal | undefined
}

/** A caller in AWS's words. */
export interface AwsCaller {
  /** `arn:aws:sts::123456789012:assumed-role/Role/session` */
  readonly arn: string
  readonly account: string
  /** Name of the user or of the session of a role; `root`. */
  readonly name: string
  /** Absent for users. */
  readonly role?: string
}

/** @throws {QuiltError} what STS said, in our words */
export async function callerIdentity(deps: StsDeps): Promise<AwsCaller> {
  const { Arn: arn, Account: account } = await withSts('Asking AWS who this is', deps, (client, sts, send) =>
    client.send(new sts.GetCallerIdentityCommand(), send),
  )
  if (arn === undefined || account === undefined) throw notFromSts()
  const [kind, ...names] = (arn.split(':')[5] ?? '').split('/')
  const role = kind === 'assumed-role' ? names[0] : undefined
  return { arn, account, name: names.at(-1) ?? kind ?? arn, ...(role === undefined ? {} : { role }) }
}

/** A session of a role. */
export interface RoleRequest {
  /** `arn:aws:iam::123456789012:role/name` */
  readonly roleArn: string
  /** 2 to 64 of `A-Z a-z 0-9 _ + = , . @ -`. */
  readonly sessionName: string
  /** Who is behind the session, for CloudTrail; stays with the session for good. The same characters. */
  readonly sourceIdentity?: string | undefined
  /** At most 50, within the bounds of `sessionTags`. */
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** Tags that go along when the session assumes a further role. */
  readonly transitiveTagKeys?: readonly string[] | undefined
  /** 900 to 43,200. Default: STS's, one hour. */
  readonly durationSeconds?: number | undefined
}

/** @throws {QuiltError} `forbidden`, with `details.sts`, when the role may not be assumed; `invalid_input` when STS does not take the
 *   request, or would not take its tags */
export async function assumeRole(request: RoleRequest, deps: StsDeps): Promise<AwsCredentials> {
  const { roleArn, sessionName, sourceIdentity, durationSeconds } = request
  const { tags, transitiveKeys } = sessionTags(request.tags, request.transitiveTagKeys)
  const { Credentials } = await withSts(`Assuming ${roleArn}`, deps, (client, sts, send) =>
    client.send(
      new sts.AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
        ...(tags.length === 0 ? {} : { Tags: [...tags] }),
        ...(transitiveKeys.length === 0 ? {} : { TransitiveTagKeys: [...transitiveKeys] }),
        ...(durationSeconds === undefined ? {} : { DurationSeconds: durationSeconds }),
      }),
      send,
    ),
  )
  return credentialsOf(Credentials)
}

function credentialsOf(issued: Credentials | undefined): AwsCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = issued ?? {}
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || Expiration === undefined) throw notFromSts()
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiresAtMs: Expiration.getTime(),
  }
}

type StsSdk = typeof import('@aws-sdk/client-sts')

async function withSts<T>(
  attempt: string,
  { http, region, endpoint, credentials, signal }: StsDeps,
  work: (client: STSClient, sts: StsSdk, send: { readonly abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  const sts = await import('@aws-sdk/client-sts')
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  const client = new sts.STSClient({
    ...awsClientConfig(http, { peer: 'AWS STS' }),
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
  })
  try {
    return await work(client, sts, signal === undefined ? {} : { abortSignal: signal })
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw stsError(error, attempt)
  }
}

function stsError(error: unknown, attempt: string): unknown {
  if (!(error instanceof Error) || error instanceof QuiltError || !('$metadata' in error)) return error
  const { name } = error
  const details = { sts: name }
  if (deadNames.has(name)) {
    return new QuiltError('unauthenticated', `${attempt}: the AWS credentials are expired or unknown`, {
      hint: 'Sign in again.',
      details,
      cause: error,
    })
  }
  if (/^AccessDenied/.test(name)) {
    return new QuiltError('forbidden', `${attempt}: access denied`, {
      hint: 'Ask an administrator whether the role exists and trusts this caller with source identity and session tags.',
      details,
      cause: error,
    })
  }
  if (invalidNames.has(name)) {
    return new QuiltError('invalid_input', `${attempt}: AWS does not take the request (${name})`, {
      hint: 'Check role ARN, session name, tags and duration (900 to 43,200 seconds, and at most what the role allows).',
      details,
      cause: error,
    })
  }
  return new QuiltError('upstream', `${attempt}: AWS STS failed (${name})`, {
    hint: 'Try again later; behind a proxy, check that it lets AWS STS through.',
    details,
    cause: error,
  })
}

const deadNames: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
])
const invalidNames: ReadonlySet<string> = new Set([
  'ValidationError',
  'MalformedPolicyDocument',
  'PackedPolicyTooLarge',
  'InvalidParameterValue',
])

function notFromSts(): QuiltError {
  return new QuiltError('upstream', 'This is not the answer of AWS STS', {
    hint: 'Check AWS_ENDPOINT_URL_STS and AWS_ENDPOINT_URL, and that no proxy answers in its place.',
  })
}
