// PutObject, CopyObject, and what the two and multipart uploads read from headers.
import type { ObjectDescription, StoredVersion } from '../store/object-store.js'
import { authorize } from './authorize.js'
import type { RequestBody } from './body.js'
import { checksumType, emptyAnswer, type ObjectCall, quotedEtag, versionOf, xmlAnswer } from './call.js'
import { notModified, preconditionFailed, writeConditions } from './conditions.js'
import { S3Error } from './errors.js'
import { isHeader } from './header.js'
import { decode } from './request.js'

const mostMetadataBytes = 2048
const keptHeaders = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires']
const largestCopyBytes = 5 * 1024 ** 3

export async function putObject(call: ObjectCall): Promise<Response> {
  requireLength(call)
  const body = call.body()
  const version = await call.store.put({
    ...describe(call),
    ...writeConditions(call.header),
    sha256: wantsSha256(call),
    expectedSha256: body.announcedSha256,
    body: body.bytes,
  })
  return emptyAnswer(200, { ...writtenHeaders(version), ...checksumHeaders(body) })
}

export async function copyObject(call: ObjectCall): Promise<Response> {
  const source = copySource(call)
  if (source.size > largestCopyBytes)
    throw new S3Error(
      'InvalidRequest',
      'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
    )
  const replaced = call.header('x-amz-metadata-directive')?.toUpperCase() === 'REPLACE'
  const version = await call.store.put({
    ...(replaced ? describe(call) : { bucket: call.bucket, key: call.key, ...descriptionOf(source) }),
    ...writeConditions(call.header),
    sha256: wantsSha256(call) || source.checksumSha256 !== undefined,
    body: call.store.read(source),
  })
  return xmlAnswer(
    'CopyObjectResult',
    {
      LastModified: version.modified.toISOString(),
      ETag: quotedEtag(version),
      ChecksumSHA256: version.checksumSha256,
      ChecksumType: version.checksumSha256 === undefined ? undefined : checksumType(version.checksumSha256),
    },
    { headers: { 'x-amz-version-id': version.versionId, 'x-amz-copy-source-version-id': source.versionId } },
  )
}

/** The version that `x-amz-copy-source` names, checked against the caller's role and the copy's conditions. */
export function copySource(call: ObjectCall): StoredVersion {
  const [path = '', versionId] = (call.header('x-amz-copy-source') ?? '').replace(/^\//, '').split('?versionId=')
  const slash = path.indexOf('/')
  const [bucket, key] = slash < 1 ? ['', ''] : [decode(path.slice(0, slash)), decode(path.slice(slash + 1))]
  if (bucket === '' || key === '')
    throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key')
  authorize(call.principal, bucket, 'READ')
  if (!call.store.hasBucket(bucket)) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist')
  const source = versionOf(call.store, {
    bucket,
    key,
    versionId: versionId === undefined ? undefined : decode(versionId),
  })
  if (notModified(source, call.header, 'x-amz-copy-source-')) throw preconditionFailed()
  return source
}

/** What the headers say of the object that is written.
 * @throws {S3Error} `InvalidArgument` when the metadata is too large, or is none that HTTP can carry */
export function describe({ request, bucket, key, header }: ObjectCall): ObjectDescription {
  const names = [...request.headers.keys(), ...request.queryPairs.map(([name]) => name.toLowerCase())]
  const metadata = Object.fromEntries(
    names.filter((name) => name.startsWith('x-amz-meta-')).map((name) => [name.slice(11), header(name) ?? '']),
  )
  // In the query of a presigned URL may stand what no header can hold: it could never be answered again.
  const odd = Object.entries(metadata).find(([name, value]) => !isHeader(name, value))
  if (odd !== undefined)
    throw new S3Error('InvalidArgument', `The metadata ${JSON.stringify(odd[0])} is no HTTP header`)
  const size = Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  if (size > mostMetadataBytes)
    throw new S3Error('InvalidArgument', 'Your metadata headers exceed the maximum allowed metadata size')
  const headers: Record<string, string> = {}
  for (const name of keptHeaders) {
    const value = name === 'content-encoding' ? withoutAwsChunked(header(name)) : header(name)
    if (value !== undefined && value !== '') headers[name] = value
  }
  return { bucket, key, contentType: header('content-type'), metadata, headers }
}

/** Whether the client asks for a SHA-256 to be kept. */
export const wantsSha256 = ({ header }: Pick<ObjectCall, 'header'>): boolean =>
  [header('x-amz-sdk-checksum-algorithm'), header('x-amz-checksum-algorithm')].some(
    (name) => name?.toUpperCase() === 'SHA256',
  ) ||
  header('x-amz-checksum-sha256') !== undefined ||
  (header('x-amz-trailer') ?? '').toLowerCase().includes('x-amz-checksum-sha256')

/** The checksums that were sent, as the answer repeats them. */
export const checksumHeaders = ({ verified }: RequestBody): Readonly<Record<string, string>> =>
  Object.fromEntries([...verified].map(([algorithm, value]) => [`x-amz-checksum-${algorithm}`, value]))

/** @throws {S3Error} `MissingContentLength` */
export function requireLength({ request }: Pick<ObjectCall, 'request'>): void {
  if (request.headers.get('content-length') === null && request.headers.get('x-amz-decoded-content-length') === null)
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.')
}

const writtenHeaders = (version: StoredVersion): Readonly<Record<string, string>> => ({
  etag: quotedEtag(version),
  'x-amz-version-id': version.versionId,
  ...(version.checksumSha256 !== undefined && {
    'x-amz-checksum-sha256': version.checksumSha256,
    'x-amz-checksum-type': checksumType(version.checksumSha256),
  }),
})

const descriptionOf = ({ contentType, metadata, headers }: StoredVersion) => ({ contentType, metadata, headers })

/** `aws-chunked` is how the body travelled, not what the object is. */
const withoutAwsChunked = (encoding: string | undefined): string | undefined =>
  encoding
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== 'aws-chunked')
    .join(', ')
