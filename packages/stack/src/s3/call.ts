// What every operation gets, and the answers they build.
import type { Principal } from '../identity/principal.js'
import type { ObjectStore, StoredVersion } from '../store/object-store.js'
import type { RequestBody } from './body.js'
import { S3Error } from './errors.js'
import { headerValue, queryValue, type S3Request } from './request.js'
import { type XmlContent, xmlDocument } from './xml.js'

export interface ServiceCall {
  readonly store: ObjectStore
  readonly request: S3Request
  readonly principal: Principal
  readonly query: (name: string) => string | undefined
  readonly header: (name: string) => string | undefined
  /** Opens the request's body; it can be read once. */
  readonly body: () => RequestBody
  /** Told of a failure that comes after the answer has begun. */
  readonly onDefect: (error: unknown) => void
}

export interface BucketCall extends ServiceCall {
  readonly bucket: string
}

export interface ObjectCall extends BucketCall {
  readonly key: string
}

/** A call for the service, from its parts. */
export const serviceCall = (
  parts: Pick<ServiceCall, 'store' | 'request' | 'principal' | 'body' | 'onDefect'>,
): ServiceCall => ({
  ...parts,
  query: (name) => queryValue(parts.request, name),
  header: (name) => headerValue(parts.request, name),
})

export const xmlAnswer = (root: string, content: XmlContent, init: ResponseInit = {}): Response =>
  new Response(xmlDocument(root, content), {
    ...init,
    headers: { 'content-type': 'application/xml', ...plain(init.headers) },
  })

export const emptyAnswer = (status: number, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status, headers })

const plain = (headers: ResponseInit['headers']): Record<string, string> => Object.fromEntries(new Headers(headers))

/** S3's form of a version's etag. */
export const quotedEtag = (version: { readonly etag: string }): string => `"${version.etag}"`

export const unquoted = (etag: string): string => etag.trim().replace(/^"(.*)"$/, '$1')

/** The type of a SHA-256 that S3 reports: of the whole object, or of its parts' digests. */
export const checksumType = (sha256: string): 'COMPOSITE' | 'FULL_OBJECT' =>
  sha256.includes('-') ? 'COMPOSITE' : 'FULL_OBJECT'

/** The object a call is about: the version it names, or the current one.
 * @throws {S3Error} `NoSuchKey`, `NoSuchVersion`, `InvalidArgument`, `MethodNotAllowed` (a delete marker was named) */
export function versionOf(
  store: ObjectStore,
  { bucket, key, versionId }: { readonly bucket: string; readonly key: string; readonly versionId: string | undefined },
): StoredVersion {
  if (versionId !== undefined && !/^[\w.-]{1,64}$/.test(versionId))
    throw new S3Error('InvalidArgument', 'Invalid version id specified')
  const version = store.head(bucket, key, versionId)
  if (version === undefined)
    throw versionId === undefined
      ? new S3Error('NoSuchKey', 'The specified key does not exist.')
      : new S3Error('NoSuchVersion', 'The specified version does not exist.')
  if (!version.deleteMarker) return version
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId }
  if (versionId === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.', { headers })
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    headers: { ...headers, allow: 'DELETE', 'last-modified': version.modified.toUTCString() },
  })
}
