// What an S3 error means to the caller. HEAD answers carry no code, only a status.
import { QuiltError } from '@quilt-mcp/core'
import { networkError } from '../http/network-error.js'
import { errorOf, type Meaning } from './meaning.js'

/** S3's word for it (`NoSuchKey`), or the status as text when there was none. */
export interface S3Failure {
  readonly name: string
  readonly status: number
}

/** Reads an error of the SDK. Undefined when S3 did not answer at all. */
export function s3Failure(error: unknown): S3Failure | undefined {
  if (!(error instanceof Error) || error instanceof QuiltError) return undefined
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null) return undefined
  const status = 'httpStatusCode' in error.$metadata ? error.$metadata.httpStatusCode : undefined
  return typeof status === 'number' ? { name: error.name, status } : undefined
}

/** Where the bucket lives, when S3 says so in refusing: by a header, or by an element of its answer. */
export function regionTold(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const header =
    '$response' in error ? memberOf(memberOf(error.$response, 'headers'), 'x-amz-bucket-region') : undefined
  const region = header ?? memberOf(error, 'Region')
  return typeof region === 'string' && /^[a-z0-9-]{1,64}$/.test(region) ? region : undefined
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** AWS no longer takes these credentials: exchange again, once. */
export function areCredentialsDead({ name }: S3Failure): boolean {
  return deadCredentials.has(name)
}

const deadCredentials: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidToken',
  'InvalidAccessKeyId',
  'TokenRefreshRequired',
])

const denied: Meaning = {
  code: 'forbidden',
  says: 'access denied',
  hint: 'Either your role may not do this in that bucket, or the object does not exist: without the right to list a bucket, S3 says the same for a missing key.',
}
const noObject: Meaning = {
  code: 'not_found',
  says: 'there is no such object',
  hint: 'Look at what is there with bucket_objects_list.',
}
const slow: Meaning = { code: 'rate_limited', says: 'S3 asks to slow down', hint: 'Wait a little, then try again.' }
const exists: Meaning = {
  code: 'conflict',
  says: 'the object exists already',
  hint: 'Choose another key, or allow replacing it.',
}
const elsewhere: Meaning = {
  code: 'upstream',
  says: 'the bucket is in another region or at another endpoint',
  hint: 'Check the configured S3 endpoint.',
}
const dead: Meaning = {
  code: 'unauthenticated',
  says: 'the AWS credentials are expired or unknown',
  hint: 'Sign in again.',
}

const byName: Readonly<Record<string, Meaning>> = {
  NoSuchKey: noObject,
  NotFound: noObject,
  NoSuchVersion: {
    code: 'not_found',
    says: 'there is no such version',
    hint: 'The version was removed for good, or never existed.',
  },
  MethodNotAllowed: { code: 'not_found', says: 'that version is a delete marker', hint: 'Name an older version.' },
  NoSuchBucket: {
    code: 'not_found',
    says: 'there is no such bucket',
    hint: 'See the buckets you can use with bucket_list.',
  },
  AccessDenied: denied,
  Forbidden: denied,
  InvalidRange: {
    code: 'invalid_input',
    says: 'the range starts behind the end of the object',
    hint: 'Ask object_info for the size.',
  },
  InvalidObjectState: {
    code: 'unsupported',
    says: 'the object is archived',
    hint: 'Restore it in the AWS console first.',
  },
  InvalidBucketName: {
    code: 'invalid_input',
    says: 'the bucket name is not valid',
    hint: 'See the buckets you can use with bucket_list.',
  },
  KeyTooLongError: { code: 'invalid_input', says: 'the key is longer than 1,024 bytes', hint: 'Use a shorter key.' },
  PreconditionFailed: exists,
  ConditionalRequestConflict: exists,
  SlowDown: slow,
  TooManyRequests: slow,
  PermanentRedirect: elsewhere,
  AuthorizationHeaderMalformed: elsewhere,
  RequestTimeout: { code: 'timeout', says: 'S3 gave up waiting', hint: 'Try again later.' },
}
const byStatus: Readonly<Record<number, Meaning>> = {
  301: elsewhere,
  403: denied,
  404: noObject,
  412: exists,
  416: byName.InvalidRange ?? noObject,
  429: slow,
  503: slow,
}

/** The error for the caller.
 * @param attempt what was tried, with its object: `Reading s3://bucket/key`
 * @param hintWhenDenied what to do about an access denied, when there is more to say than that it may be a missing key */
export function s3Error(
  error: unknown,
  attempt: string,
  { hintWhenDenied }: { readonly hintWhenDenied?: string | undefined } = {},
): unknown {
  const failure = s3Failure(error)
  if (failure === undefined) return isNetworkFailure(error) ? networkError(error, { peer: 'S3' }) : error
  const { name, status } = failure
  const meaning = areCredentialsDead(failure) ? dead : (byName[name] ?? byStatus[status])
  if (meaning !== undefined) {
    const hint = meaning === denied && hintWhenDenied !== undefined ? `${denied.hint} ${hintWhenDenied}` : meaning.hint
    return errorOf({ ...meaning, hint }, attempt, { details: { s3: name, status }, cause: error })
  }
  return new QuiltError('upstream', `${attempt}: S3 failed (${name}, HTTP ${status})`, {
    hint: status < 500 ? 'Check bucket, key and version.' : 'Try again later.',
    retryable: status >= 500,
    details: { s3: name, status },
    cause: error,
  })
}

/** A connection that broke while the SDK read a short answer. */
function isNetworkFailure(error: unknown): boolean {
  return error instanceof Error && !(error instanceof QuiltError) && 'code' in error && typeof error.code === 'string'
}
