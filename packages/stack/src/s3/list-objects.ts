// ListObjectsV2, ListObjects and ListObjectVersions.
import type { ListInput, StoredVersion } from '../store/object-store.js'
import { type BucketCall, checksumType, quotedEtag, xmlAnswer } from './call.js'
import { S3Error } from './errors.js'
import { awsEncodePath } from './request.js'
import type { XmlContent } from './xml.js'

const mostKeys = 1000

export function listObjectsV2(call: BucketCall): Response {
  const token = call.query('continuation-token')
  const startAfter = call.query('start-after')
  const { names, text, input } = pageOf(call, token === undefined ? startAfter : decodeToken(token))
  const { versions, commonPrefixes, next } = listed(call, input)
  return xmlAnswer('ListBucketResult', {
    ...names,
    StartAfter: startAfter === undefined ? undefined : text(startAfter),
    ContinuationToken: token,
    NextContinuationToken: next === undefined ? undefined : encodeToken(next),
    KeyCount: versions.length + commonPrefixes.length,
    IsTruncated: next !== undefined,
    Contents: versions.map((version) => contents(version, text, call.query('fetch-owner') === 'true')),
    CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: text(prefix) })),
  })
}

/** The first version of the call, which some of boto3 still uses. */
export function listObjects(call: BucketCall): Response {
  const marker = call.query('marker')
  const { names, text, input } = pageOf(call, marker)
  const { versions, commonPrefixes, next } = listed(call, input)
  return xmlAnswer('ListBucketResult', {
    ...names,
    Marker: text(marker ?? ''),
    NextMarker: next === undefined || input.delimiter === undefined ? undefined : text(next),
    IsTruncated: next !== undefined,
    Contents: versions.map((version) => contents(version, text, true)),
    CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: text(prefix) })),
  })
}

export function listObjectVersions(call: BucketCall): Response {
  const keyMarker = call.query('key-marker')
  const versionIdMarker = call.query('version-id-marker')
  if (versionIdMarker !== undefined && keyMarker === undefined)
    throw new S3Error('InvalidArgument', 'A version-id marker cannot be specified without a key marker.')
  const { names, text, input } = pageOf(call, keyMarker)
  const page =
    input.maxKeys === 0
      ? { versions: [], commonPrefixes: [] }
      : call.store.listVersions(call.bucket, { ...input, versionIdMarker: versionIdMarker || undefined })
  const entry = (version: StoredVersion): XmlContent => ({
    ...contents(version, text, true),
    VersionId: version.versionId,
    IsLatest: version.isLatest,
  })
  return xmlAnswer('ListVersionsResult', {
    ...names,
    KeyMarker: text(keyMarker ?? ''),
    VersionIdMarker: versionIdMarker ?? '',
    NextKeyMarker: page.next === undefined ? undefined : text(page.next),
    NextVersionIdMarker: page.nextVersionIdMarker,
    IsTruncated: page.next !== undefined,
    Version: page.versions.filter((version) => !version.deleteMarker).map(entry),
    DeleteMarker: page.versions.filter((version) => version.deleteMarker).map(entry),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: text(prefix) })),
  })
}

/** What the three listings have in common. `text` encodes names when the client asked for `encoding-type=url`. */
function pageOf(call: BucketCall, startAfter: string | undefined) {
  const encoding = call.query('encoding-type') || undefined
  if (encoding !== undefined && encoding !== 'url')
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request')
  const text = encoding === 'url' ? awsEncodePath : (name: string) => name
  const prefix = call.query('prefix') ?? ''
  const delimiter = call.query('delimiter') || undefined
  const maxKeys = maxKeysOf(call.query('max-keys') || undefined)
  const input: ListInput = { prefix, delimiter, startAfter: startAfter || undefined, maxKeys }
  const names = {
    Name: call.bucket,
    Prefix: text(prefix),
    Delimiter: delimiter === undefined ? undefined : text(delimiter),
    MaxKeys: maxKeys,
    EncodingType: encoding,
  }
  return { names, text, input }
}

const listed = ({ store, bucket }: BucketCall, input: ListInput) =>
  input.maxKeys === 0 ? { versions: [], commonPrefixes: [], next: undefined } : withNext(store.list(bucket, input))

const withNext = <Result extends { readonly next?: string }>(result: Result) => ({ ...result, next: result.next })

function maxKeysOf(text: string | undefined): number {
  if (text === undefined) return mostKeys
  if (!/^\d{1,10}$/.test(text))
    throw new S3Error('InvalidArgument', 'Provided max-keys not an integer or within integer range')
  return Math.min(Number(text), mostKeys)
}

const contents = (version: StoredVersion, text: (name: string) => string, owner: boolean) => ({
  Key: text(version.key),
  LastModified: version.modified.toISOString(),
  ...(!version.deleteMarker && {
    ETag: quotedEtag(version),
    ...(version.checksumSha256 !== undefined && {
      ChecksumAlgorithm: 'SHA256',
      ChecksumType: checksumType(version.checksumSha256),
    }),
    Size: version.size,
    StorageClass: 'STANDARD',
  }),
  ...(owner && { Owner: { ID: 'quilt-stack', DisplayName: 'quilt-stack' } }),
})

const encodeToken = (key: string): string => Buffer.from(`1${key}`).toString('base64url')

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString()
  if (!text.startsWith('1') || encodeToken(text.slice(1)) !== token)
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect')
  return text.slice(1)
}
