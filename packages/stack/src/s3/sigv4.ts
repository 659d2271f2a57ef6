// AWS Signature Version 4: the arithmetic. Nothing here knows who a key belongs to.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { awsEncode, awsEncodePath, decode, type S3Request, sentHeader } from './request.js'

/** `<date>/<region>/<service>/aws4_request` and the access key id before it. */
export interface CredentialScope {
  readonly accessKeyId: string
  /** `YYYYMMDD`. */
  readonly date: string
  readonly region: string
  readonly service: string
}

/** Everything a chunk's signature is made from. */
export interface SigningContext {
  readonly signingKey: Buffer
  readonly scope: string
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly timestamp: string
  /** Hex: the request's own signature, which the first chunk's signature continues. */
  readonly signature: string
}

export interface SignedParts {
  readonly request: S3Request
  readonly scope: CredentialScope
  readonly timestamp: string
  /** Lower case. */
  readonly signedHeaders: readonly string[]
  readonly payloadHash: string
  readonly signature: string
}

export const sha256Hex = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

export const hmacHex = (key: string | Uint8Array, data: string): string =>
  createHmac('sha256', key).update(data).digest('hex')

/** Compares two texts in a time that does not depend on where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest())
  return left !== undefined && right !== undefined && timingSafeEqual(left, right)
}

/** Parses `AKID/20260101/us-east-1/s3/aws4_request`; undefined when it is malformed. */
export function parseScope(credential: string): CredentialScope | undefined {
  const parts = credential.split('/')
  const [date, region, service, end] = parts.slice(-4)
  const accessKeyId = parts.slice(0, -4).join('/')
  if (accessKeyId === '' || date === undefined || !/^\d{8}$/.test(date)) return undefined
  if (region === undefined || service === undefined || end !== 'aws4_request') return undefined
  return { accessKeyId, date, region, service }
}

/** The moment of `YYYYMMDDTHHMMSSZ`; undefined when it is malformed. */
export function parseTimestamp(timestamp: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** Checks a request's signature. @returns what its chunks' signatures continue; undefined when the signature is wrong */
export function verifySignature(parts: SignedParts, secretAccessKey: string): SigningContext | undefined {
  const { scope, timestamp, signature } = parts
  const scopeText = `${scope.date}/${scope.region}/${scope.service}/aws4_request`
  const signingKey = deriveKey(secretAccessKey, scope)
  for (const canonical of canonicalRequests(parts)) {
    const toSign = `AWS4-HMAC-SHA256\n${timestamp}\n${scopeText}\n${sha256Hex(Buffer.from(canonical, 'latin1'))}`
    if (equalInConstantTime(hmacHex(signingKey, toSign), signature))
      return { signingKey, scope: scopeText, timestamp, signature }
  }
  return undefined
}

export function deriveKey(secretAccessKey: string, { date, region, service }: CredentialScope): Buffer {
  const steps = [date, region, service, 'aws4_request']
  return steps.reduce<Buffer>(
    (key, step) => createHmac('sha256', key).update(step).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  )
}

/** The canonical request, with the path encoded as AWS does it, and as it was sent: clients differ in what they leave alone.
 * Header values are latin1 here: the bytes that came over the wire. */
function canonicalRequests({ request, signedHeaders, payloadHash }: SignedParts): ReadonlySet<string> {
  const query = request.queryPairs
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [awsEncode(name), awsEncode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const headers = signedHeaders.map((name) => `${name}:${trimmed(sentHeader(request, name) ?? '')}\n`).join('')
  const paths = [awsEncodePath(decode(request.rawPath)), request.rawPath]
  return new Set(
    paths.map((path) => [request.method, path, query, headers, signedHeaders.join(';'), payloadHash].join('\n')),
  )
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const trimmed = (value: string): string => value.trim().replace(/ +/g, ' ')
