// Who sent a request: SigV4 in the Authorization header or in the query, or SigV2 in the query.
import type { Authenticator, IssuedCredentials, Principal } from '../identity/principal.js'
import { accessDenied, S3Error } from './errors.js'
import { queryValue, type S3Request } from './request.js'
import { signatureV2 } from './sigv2.js'
import { equalInConstantTime, parseScope, parseTimestamp, type SigningContext, verifySignature } from './sigv4.js'

const longestSkewMs = 15 * 60 * 1000
const longestPresignSeconds = 7 * 24 * 3600

export interface AuthenticationDeps {
  readonly authenticator: Authenticator
  readonly now: () => Date
}

/** Who is calling, and what the signature says of the body. */
export interface Caller {
  readonly principal: Principal
  readonly credentials: IssuedCredentials
  /** `x-amz-content-sha256`: a hash in hex, or one of S3's words for a body that is not hashed as a whole. */
  readonly payloadHash: string
  /** What the signatures of chunks continue. Absent for SigV2. */
  readonly signing?: SigningContext
}

/** Finds out who sent a request.
 * @param service `s3` or `sts`: what the signature must be for
 * @param bodyHash hex SHA-256 of the body when it is known already (STS, whose clients sign it without naming it)
 * @throws {S3Error} `AccessDenied` without credentials, `InvalidAccessKeyId`, `SignatureDoesNotMatch`, `InvalidToken`, `ExpiredToken`,
 *   `RequestTimeTooSkewed`, `AuthorizationHeaderMalformed`, `AuthorizationQueryParametersError`, `InvalidRequest` */
export function authenticate(
  request: S3Request,
  deps: AuthenticationDeps,
  service: 's3' | 'sts',
  bodyHash?: string,
): Caller {
  const authorization = request.headers.get('authorization')
  if (authorization !== null) return byHeader(request, authorization, deps, service, bodyHash)
  if (service === 'sts') throw accessDenied() // signed in the query, its form would stay unsigned
  if (queryValue(request, 'X-Amz-Algorithm') !== undefined) return byQuery(request, deps, service)
  if (queryValue(request, 'AWSAccessKeyId') !== undefined) return byQueryV2(request, deps)
  throw accessDenied()
}

function byHeader(
  request: S3Request,
  authorization: string,
  deps: AuthenticationDeps,
  service: string,
  bodyHash: string | undefined,
): Caller {
  if (!authorization.startsWith('AWS4-HMAC-SHA256 '))
    throw new S3Error(
      'InvalidRequest',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    )
  const fields = new Map(
    authorization
      .slice('AWS4-HMAC-SHA256 '.length)
      .split(',')
      .map((field) => {
        const [name = '', value = ''] = field.trim().split(/=(.*)/s)
        return [name, value]
      }),
  )
  const scope = parseScope(fields.get('Credential') ?? '')
  const signature = fields.get('Signature')
  const signedHeaders = fields.get('SignedHeaders')?.split(';') ?? []
  if (scope === undefined || scope.service !== service || signature === undefined || signedHeaders.length === 0)
    throw new S3Error('AuthorizationHeaderMalformed', 'The authorization header is malformed.')
  const timestamp = request.headers.get('x-amz-date') ?? ''
  const signedAt = parseTimestamp(timestamp)
  if (signedAt === undefined || !timestamp.startsWith(scope.date))
    throw accessDenied('AWS authentication requires a valid x-amz-date header of the day of the credential scope')
  if (Math.abs(signedAt.getTime() - deps.now().getTime()) > longestSkewMs)
    throw new S3Error(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    )
  const payloadHash = bodyHash ?? request.headers.get('x-amz-content-sha256') ?? undefined
  if (payloadHash === undefined)
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  requireSigned(request, signedHeaders)
  const { principal, credentials } = issuedUnder(scope.accessKeyId, deps)
  const signing = verifySignature(
    { request, scope, timestamp, signedHeaders, payloadHash, signature },
    credentials.secretAccessKey,
  )
  if (signing === undefined) throw signatureDoesNotMatch()
  requireLive(credentials, request.headers.get('x-amz-security-token'), deps)
  return { principal, credentials, payloadHash, signing }
}

function byQuery(request: S3Request, deps: AuthenticationDeps, service: string): Caller {
  const value = (name: string): string => queryValue(request, name) ?? ''
  const scope = parseScope(value('X-Amz-Credential'))
  const timestamp = value('X-Amz-Date')
  const signedAt = parseTimestamp(timestamp)
  const seconds = Number(value('X-Amz-Expires'))
  if (
    value('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256' ||
    scope === undefined ||
    scope.service !== service ||
    signedAt === undefined ||
    !timestamp.startsWith(scope.date) ||
    !/^\d+$/.test(value('X-Amz-Expires')) ||
    seconds > longestPresignSeconds
  )
    throw new S3Error('AuthorizationQueryParametersError', 'Error parsing the X-Amz-* query parameters')
  const signedHeaders = value('X-Amz-SignedHeaders').split(';')
  requireSigned(request, signedHeaders)
  const payloadHash =
    request.headers.get('x-amz-content-sha256') ?? queryValue(request, 'X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD'
  const { principal, credentials } = issuedUnder(scope.accessKeyId, deps)
  const signing = verifySignature(
    { request, scope, timestamp, signedHeaders, payloadHash, signature: value('X-Amz-Signature') },
    credentials.secretAccessKey,
  )
  if (signing === undefined) throw signatureDoesNotMatch()
  const nowMs = deps.now().getTime()
  if (signedAt.getTime() - nowMs > longestSkewMs) throw accessDenied('Request is not valid yet')
  if (nowMs > signedAt.getTime() + seconds * 1000) throw accessDenied('Request has expired')
  requireLive(credentials, queryValue(request, 'X-Amz-Security-Token') ?? null, deps)
  return { principal, credentials, payloadHash, signing }
}

function byQueryV2(request: S3Request, deps: AuthenticationDeps): Caller {
  const { principal, credentials } = issuedUnder(queryValue(request, 'AWSAccessKeyId') ?? '', deps)
  if (!equalInConstantTime(signatureV2(request, credentials.secretAccessKey), queryValue(request, 'Signature') ?? ''))
    throw signatureDoesNotMatch()
  const expires = queryValue(request, 'Expires') ?? ''
  if (!/^\d+$/.test(expires)) throw accessDenied('Query-string authentication requires the Expires parameter')
  if (deps.now().getTime() > Number(expires) * 1000) throw accessDenied('Request has expired')
  requireLive(credentials, queryValue(request, 'x-amz-security-token') ?? null, deps)
  return { principal, credentials, payloadHash: 'UNSIGNED-PAYLOAD' }
}

function issuedUnder(accessKeyId: string, { authenticator }: AuthenticationDeps) {
  const issued = authenticator.byAccessKeyId(accessKeyId)
  if (issued === undefined)
    throw new S3Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.')
  return issued
}

/** Checked after the signature: who lacks the secret learns nothing about the session. */
function requireLive(credentials: IssuedCredentials, sessionToken: string | null, { now }: AuthenticationDeps): void {
  if (!equalInConstantTime(sessionToken ?? '', credentials.sessionToken))
    throw new S3Error('InvalidToken', 'The provided token is malformed or otherwise invalid.')
  if (now().getTime() >= credentials.expires.getTime())
    throw new S3Error('ExpiredToken', 'The provided token has expired.')
}

/** A header that changes what S3 does counts only when it is signed: else a holder of a presigned URL could add some. */
function requireSigned(request: S3Request, signedHeaders: readonly string[]): void {
  const signed = new Set(signedHeaders)
  const missing = [...request.headers.keys()].filter((name) => name.startsWith('x-amz-') && !signed.has(name))
  if (!signed.has('host') || missing.length > 0)
    throw accessDenied('There were headers present in the request which were not signed')
}

const signatureDoesNotMatch = (): S3Error =>
  new S3Error(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  )
