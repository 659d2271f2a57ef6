// PostObject: an upload from a form, signed by the policy in it.

import type { ObjectStore } from '../store/object-store.js'
import type { AuthenticationDeps } from './authenticate.js'
import { authorize } from './authorize.js'
import { emptyAnswer, quotedEtag, xmlAnswer } from './call.js'
import { S3Error } from './errors.js'
import { formBoundary, readForm } from './form-data.js'
import { isHeader } from './header.js'
import { allowedForm } from './post-policy.js'
import { awsEncodePath, type S3Request } from './request.js'

/** The boundary of a form that is posted to a bucket without an Authorization header; undefined for any other request. */
export function postedForm({ method, bucket, key, headers }: S3Request): string | undefined {
  if (method !== 'POST' || bucket === undefined || key !== undefined || headers.get('authorization') !== null)
    return undefined
  return formBoundary(headers.get('content-type'))
}

/** @throws {S3Error} what {@link readForm} and {@link allowedForm} throw; `EntityTooLarge`, `EntityTooSmall`, `AccessDenied` */
export async function postObject(
  request: S3Request,
  boundary: string,
  { store, ...deps }: AuthenticationDeps & { readonly store: ObjectStore },
): Promise<Response> {
  const { bucket = '' } = request
  const { fields, file } = await readForm(request.body, boundary)
  const { principal, smallest, largest } = allowedForm(fields, { ...deps, bucket })
  authorize(principal, bucket, 'READ_WRITE')
  if (!store.hasBucket(bucket)) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist')
  const key = fields.get('key') ?? ''
  if (key === '') throw new S3Error('InvalidArgument', 'Bucket POST must contain a field named key')
  const metadata = [...fields].filter(([name, value]) => name.startsWith('x-amz-meta-') && isHeader(name, value))
  const sha256 = fields.get('x-amz-checksum-sha256')
  const version = await store.put({
    bucket,
    key,
    contentType: fields.get('content-type'),
    metadata: Object.fromEntries(metadata.map(([name, value]) => [name.slice('x-amz-meta-'.length), value])),
    headers: {},
    sha256: sha256 !== undefined,
    ...(sha256 !== undefined && { expectedSha256: sha256 }),
    body: within(file, smallest, largest),
  })
  const location = `http://${request.headers.get('host') ?? 'localhost'}/${bucket}/${awsEncodePath(key)}`
  const headers = { etag: quotedEtag(version), 'x-amz-version-id': version.versionId, location }
  const status = fields.get('success_action_status')
  if (status !== '201') return emptyAnswer(status === '200' ? 200 : 204, headers)
  const content = { Location: location, Bucket: bucket, Key: key, ETag: quotedEtag(version) }
  return xmlAnswer('PostResponse', content, { status: 201, headers })
}

async function* within(bytes: AsyncIterable<Uint8Array>, smallest: number, largest: number): AsyncIterable<Uint8Array> {
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > largest) throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size')
    yield chunk
  }
  if (size < smallest)
    throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size')
}
