// The body of a request, decoded and checked while it streams: the payload hash of the signature, Content-MD5, checksums, length.
// A failed check is thrown at the end of the stream, so the store drops what it has written.
import { createHash } from 'node:crypto'
import type { Caller } from './authenticate.js'
import { decodeChunked } from './aws-chunked.js'
import { algorithmOf, type ChecksumAlgorithm, checksumAlgorithms, checksumHeaderNames } from './checksums.js'
import { S3Error } from './errors.js'
import { headerValue, type S3Request } from './request.js'
import { equalInConstantTime } from './sigv4.js'

const largestXmlBytes = 8 * 1024 * 1024
const wholeHash = /^[0-9a-f]{64}$/

export interface RequestBody {
  readonly bytes: AsyncIterable<Uint8Array>
  /** Base64 values of the checksums that were sent and hold, by algorithm. Complete once the bytes were read to their end. */
  readonly verified: ReadonlyMap<ChecksumAlgorithm, string>
  /** Base64 of the SHA-256 that was announced in a header. */
  readonly announcedSha256?: string
}

/** The body of a request that `caller` signed.
 * @throws {S3Error} `InvalidRequest`, `InvalidDigest`; while it is read: `BadDigest`, `IncompleteBody`, `XAmzContentSHA256Mismatch`,
 *   `SignatureDoesNotMatch`, `MalformedTrailerError` */
export function openBody(request: S3Request, caller: Pick<Caller, 'payloadHash' | 'signing'>): RequestBody {
  const given = new Map<string, string>()
  for (const name of checksumHeaderNames) {
    const value = headerValue(request, name)
    if (value !== undefined) given.set(name, value)
  }
  const announcedSha256 = given.get('x-amz-checksum-sha256')
  const trailing = (headerValue(request, 'x-amz-trailer') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  if (trailing.some((name) => algorithmOf(name) === undefined))
    throw new S3Error('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported')
  const verified = new Map<ChecksumAlgorithm, string>()
  const onTrailer = (name: string, value: string): void => {
    given.set(name, value)
  }
  const { bytes, size } = decoded(request, caller, onTrailer)
  return {
    bytes: checkedBytes(bytes, size, request, caller, [...given.keys(), ...trailing], given, verified),
    verified,
    ...(announcedSha256 !== undefined && { announcedSha256 }),
  }
}

/** A whole XML body as text. @throws {S3Error} `EntityTooLarge`, and what {@link openBody} throws */
export async function readText({ bytes }: Pick<RequestBody, 'bytes'>, limit = largestXmlBytes): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > limit) throw new S3Error('EntityTooLarge', `This request's body may have ${limit} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

interface Decoded {
  readonly bytes: AsyncIterable<Uint8Array>
  /** Bytes to come; undefined when it is not known. */
  readonly size: number | undefined
}

function decoded(
  request: S3Request,
  { payloadHash, signing }: Pick<Caller, 'payloadHash' | 'signing'>,
  onTrailer: (name: string, value: string) => void,
): Decoded {
  const plain = payloadHash === 'UNSIGNED-PAYLOAD' || wholeHash.test(payloadHash)
  if (plain) return { bytes: request.body, size: lengthOf(request.headers.get('content-length')) }
  if (!payloadHash.startsWith('STREAMING-')) throw invalidPayloadHash()
  const size = lengthOf(request.headers.get('x-amz-decoded-content-length'))
  if (size === undefined)
    throw new S3Error('MissingContentLength', 'You must provide the x-amz-decoded-content-length HTTP header.')
  switch (payloadHash) {
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { bytes: decodeChunked(request.body, { onTrailer }), size }
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      if (signing === undefined) throw new S3Error('InvalidRequest', 'Signed chunks need AWS Signature Version 4.')
      return { bytes: decodeChunked(request.body, { signing, onTrailer }), size }
    default:
      throw invalidPayloadHash()
  }
}

async function* checkedBytes(
  bytes: AsyncIterable<Uint8Array>,
  size: number | undefined,
  request: S3Request,
  { payloadHash }: Pick<Caller, 'payloadHash'>,
  checksumHeaders: readonly string[],
  given: ReadonlyMap<string, string>,
  verified: Map<ChecksumAlgorithm, string>,
): AsyncIterable<Uint8Array> {
  const payload = wholeHash.test(payloadHash) ? createHash('sha256') : undefined
  const contentMd5 = request.headers.get('content-md5')
  if (contentMd5 !== null && !/^[A-Za-z0-9+/]{22}==$/.test(contentMd5))
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.')
  const md5 = contentMd5 === null ? undefined : createHash('md5')
  const running = [...new Set(checksumHeaders)].flatMap((header) => {
    const algorithm = algorithmOf(header)
    return algorithm === undefined ? [] : [{ header, algorithm, checksum: checksumAlgorithms[algorithm]() }]
  })
  let count = 0
  for await (const chunk of bytes) {
    count += chunk.length
    payload?.update(chunk)
    md5?.update(chunk)
    for (const { checksum } of running) checksum.update(chunk)
    yield chunk
  }
  if (size !== undefined && count !== size)
    throw new S3Error(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header.',
    )
  if (payload !== undefined && !equalInConstantTime(payload.digest('hex'), payloadHash))
    throw new S3Error(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
  if (md5 !== undefined && md5.digest('base64') !== contentMd5)
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.')
  for (const { header, algorithm, checksum } of running) {
    const value = checksum.digest()
    const expected = given.get(header)
    if (expected === undefined) throw new S3Error('MalformedTrailerError', `The trailer ${header} is missing.`)
    if (expected !== value)
      throw new S3Error(
        'BadDigest',
        `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
      )
    verified.set(algorithm, value)
  }
}

function lengthOf(text: string | null): number | undefined {
  if (text === null) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new S3Error('InvalidArgument', 'A length is not a number.')
  return Number(text)
}

const invalidPayloadHash = (): S3Error =>
  new S3Error(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-..., or a valid sha256 value.',
  )
