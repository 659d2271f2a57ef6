// GetObject, HeadObject and GetObjectAttributes.
import type { StoredVersion } from '../store/object-store.js'
import { checksumType, emptyAnswer, type ObjectCall, quotedEtag, versionOf, xmlAnswer } from './call.js'
import { notModified } from './conditions.js'
import { S3Error } from './errors.js'
import { isHeader } from './header.js'
import { type ByteRange, readRange } from './range.js'

/** Query parameters that replace a header of the answer. */
const overrides = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]

export async function getObject(call: ObjectCall): Promise<Response> {
  const { version, status, headers, range } = answerTo(call)
  if (status === 304) return emptyAnswer(304, headers)
  const answerHeaders = checkedHeaders(headers)
  return new Response(await startedStream(call.store.read(version, range), call.onDefect), {
    status,
    headers: answerHeaders,
  })
}

export function headObject(call: ObjectCall): Response {
  const { status, headers } = answerTo(call)
  return new Response(null, { status, headers: checkedHeaders(headers) })
}

/** Checked before the object is opened: what the query wants in a header may be none. */
function checkedHeaders(headers: Readonly<Record<string, string>>): Headers {
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeader(name, value))
      throw new S3Error('InvalidArgument', `Header value cannot be represented using ISO-8859-1: ${name}`)
  }
  return new Headers(headers)
}

/** Size, checksum and parts of an object without its bytes (formats.md 4.4). */
export function getObjectAttributes(call: ObjectCall): Response {
  const version = versionOf(call.store, { ...call, versionId: call.query('versionId') })
  const wanted = new Set((call.header('x-amz-object-attributes') ?? '').split(',').map((name) => name.trim()))
  if (wanted.has('')) throw new S3Error('InvalidArgument', 'x-amz-object-attributes is missing')
  const sha256 = version.checksumSha256
  return xmlAnswer(
    'GetObjectAttributesResponse',
    {
      ETag: wanted.has('ETag') ? version.etag : undefined,
      Checksum:
        wanted.has('Checksum') && sha256 !== undefined
          ? { ChecksumSHA256: sha256.replace(/-\d+$/, ''), ChecksumType: checksumType(sha256) }
          : undefined,
      ObjectParts:
        wanted.has('ObjectParts') && version.partSizes !== undefined ? objectParts(call, version) : undefined,
      StorageClass: wanted.has('StorageClass') ? 'STANDARD' : undefined,
      ObjectSize: wanted.has('ObjectSize') ? version.size : undefined,
    },
    { headers: { 'x-amz-version-id': version.versionId, 'last-modified': version.modified.toUTCString() } },
  )
}

function objectParts(call: ObjectCall, version: StoredVersion) {
  const parts = call.store.versionParts(version)
  const PartsCount = parts.length
  if (version.checksumSha256 === undefined) return { PartsCount } // S3 lists parts only when they have checksums
  const maxParts = Math.min(Number(call.header('x-amz-max-parts') ?? 1000), 10_000)
  const marker = Number(call.header('x-amz-part-number-marker') ?? 0)
  const page = parts.filter((part) => part.partNumber > marker).slice(0, maxParts)
  const last = page.at(-1)?.partNumber ?? marker
  return {
    PartsCount,
    PartNumberMarker: marker,
    NextPartNumberMarker: last,
    MaxParts: maxParts,
    IsTruncated: last < PartsCount && page.length > 0,
    Part: page.map(({ partNumber, size, checksumSha256 }) => ({
      PartNumber: partNumber,
      Size: size,
      ChecksumSHA256: checksumSha256,
    })),
  }
}

interface Answer {
  readonly version: StoredVersion
  readonly status: 200 | 206 | 304
  readonly headers: Readonly<Record<string, string>>
  readonly range: ByteRange | undefined
}

function answerTo(call: ObjectCall): Answer {
  const version = versionOf(call.store, { ...call, versionId: call.query('versionId') })
  const always = {
    etag: quotedEtag(version),
    'last-modified': version.modified.toUTCString(),
    'x-amz-version-id': version.versionId,
  }
  if (notModified(version, call.header)) return { version, status: 304, headers: always, range: undefined }
  const part = partRange(call.query('partNumber'), version)
  const range = part ?? readRange(call.header('range'), version.size)
  const withChecksum = call.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' && range === undefined
  const headers: Record<string, string> = {
    ...version.headers,
    'content-type': version.contentType,
    ...always,
    'accept-ranges': 'bytes',
    'content-length': String(range === undefined ? version.size : range.last - range.first + 1),
    ...(range !== undefined && { 'content-range': `bytes ${range.first}-${range.last}/${version.size}` }),
    ...(part !== undefined &&
      version.partSizes !== undefined && { 'x-amz-mp-parts-count': String(version.partSizes.length) }),
    ...(withChecksum &&
      version.checksumSha256 !== undefined && {
        'x-amz-checksum-sha256': version.checksumSha256,
        'x-amz-checksum-type': checksumType(version.checksumSha256),
      }),
  }
  for (const [name, value] of Object.entries(version.metadata)) headers[`x-amz-meta-${name}`] = value
  for (const name of overrides) {
    const value = call.query(`response-${name}`)
    if (value !== undefined) headers[name] = value
  }
  return { version, status: range === undefined ? 200 : 206, headers, range }
}

/** The bytes of one part of a multipart upload; a single put counts as one part. */
function partRange(partNumber: string | undefined, version: StoredVersion): ByteRange | undefined {
  if (partNumber === undefined) return undefined
  const sizes = version.partSizes ?? [version.size]
  const index = Number(partNumber) - 1
  const size = sizes[index]
  if (size === undefined) throw new S3Error('InvalidRange', 'The requested partnumber is not satisfiable')
  if (version.partSizes === undefined) return undefined
  const first = sizes.slice(0, index).reduce((sum, part) => sum + part, 0)
  return { first, last: first + size - 1 }
}

/** A stream whose first bytes are there: what fails at the start is answered as an error, not as a broken body. */
async function startedStream(
  bytes: AsyncIterable<Uint8Array>,
  onDefect: (error: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const iterator = bytes[Symbol.asyncIterator]()
  let first: IteratorResult<Uint8Array> | undefined = await iterator.next()
  let left = false // the reader may leave while bytes are on their way: then nobody is there to take them
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = first ?? (await iterator.next())
          first = undefined
          if (left) return
          if (next.done === true) controller.close()
          else controller.enqueue(next.value)
        } catch (error) {
          if (left) return
          onDefect(error) // the status is sent: all that is left is to break off
          throw error
        }
      },
      async cancel() {
        left = true
        await iterator.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}
