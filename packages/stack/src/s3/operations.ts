// Which operation a request means: by method, and by the one query parameter or header that tells siblings apart.
import type { PermissionLevel } from '../identity/principal.js'
import { createBucket, getBucketLocation, getBucketVersioning, headBucket } from './buckets.js'
import type { BucketCall, ObjectCall } from './call.js'
import { deleteObject, deleteObjects } from './delete-objects.js'
import { getObject, getObjectAttributes, headObject } from './get-object.js'
import { listObjects, listObjectsV2, listObjectVersions } from './list-objects.js'
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
  uploadPartCopy,
} from './multipart.js'
import { copyObject, putObject } from './put-object.js'

/** One call of S3's. */
export interface Operation<Call> {
  readonly name: string
  readonly method: string
  /** Query parameters that must be there, with this value or (undefined) any. */
  readonly query?: Readonly<Record<string, string | undefined>>
  /** A header that must be there. */
  readonly header?: string
  /** What the caller's role needs on the bucket. `admin`: the operation itself asks for an admin. */
  readonly needs: PermissionLevel | 'admin'
  readonly run: (call: Call) => Response | Promise<Response>
}

const any = undefined

/** The more particular ones first. */
export const bucketOperations: readonly Operation<BucketCall>[] = [
  { name: 'HeadBucket', method: 'HEAD', needs: 'READ', run: headBucket },
  { name: 'GetBucketLocation', method: 'GET', query: { location: any }, needs: 'READ', run: getBucketLocation },
  { name: 'GetBucketVersioning', method: 'GET', query: { versioning: any }, needs: 'READ', run: getBucketVersioning },
  { name: 'ListObjectVersions', method: 'GET', query: { versions: any }, needs: 'READ', run: listObjectVersions },
  { name: 'ListMultipartUploads', method: 'GET', query: { uploads: any }, needs: 'READ', run: listMultipartUploads },
  { name: 'ListObjectsV2', method: 'GET', query: { 'list-type': '2' }, needs: 'READ', run: listObjectsV2 },
  { name: 'ListObjects', method: 'GET', needs: 'READ', run: listObjects },
  { name: 'CreateBucket', method: 'PUT', needs: 'admin', run: createBucket },
  { name: 'DeleteObjects', method: 'POST', query: { delete: any }, needs: 'READ_WRITE', run: deleteObjects },
]

const part = { partNumber: any, uploadId: any }
const copied = 'x-amz-copy-source'

/** The more particular ones first. */
export const objectOperations: readonly Operation<ObjectCall>[] = [
  { name: 'ListParts', method: 'GET', query: { uploadId: any }, needs: 'READ', run: listParts },
  { name: 'GetObjectAttributes', method: 'GET', query: { attributes: any }, needs: 'READ', run: getObjectAttributes },
  { name: 'GetObject', method: 'GET', needs: 'READ', run: getObject },
  { name: 'HeadObject', method: 'HEAD', needs: 'READ', run: headObject },
  { name: 'UploadPartCopy', method: 'PUT', query: part, header: copied, needs: 'READ_WRITE', run: uploadPartCopy },
  { name: 'UploadPart', method: 'PUT', query: part, needs: 'READ_WRITE', run: uploadPart },
  { name: 'CopyObject', method: 'PUT', header: copied, needs: 'READ_WRITE', run: copyObject },
  { name: 'PutObject', method: 'PUT', needs: 'READ_WRITE', run: putObject },
  {
    name: 'CreateMultipartUpload',
    method: 'POST',
    query: { uploads: any },
    needs: 'READ_WRITE',
    run: createMultipartUpload,
  },
  {
    name: 'CompleteMultipartUpload',
    method: 'POST',
    query: { uploadId: any },
    needs: 'READ_WRITE',
    run: completeMultipartUpload,
  },
  {
    name: 'AbortMultipartUpload',
    method: 'DELETE',
    query: { uploadId: any },
    needs: 'READ_WRITE',
    run: abortMultipartUpload,
  },
  { name: 'DeleteObject', method: 'DELETE', needs: 'READ_WRITE', run: deleteObject },
]

/** Query parameters of calls that S3 has and this stack has not: without this list they would be taken for a get or a put. */
const otherResources = [
  'accelerate',
  'acl',
  'analytics',
  'cors',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'website',
]

/** The first operation that fits; undefined when S3 has none, or this stack does not have it. */
export function findOperation<Call>(
  operations: readonly Operation<Call>[],
  { method, query, header }: Pick<BucketCall, 'query' | 'header'> & { readonly method: string },
): Operation<Call> | undefined {
  if (otherResources.some((name) => query(name) !== undefined)) return undefined
  return operations.find(
    (operation) =>
      operation.method === method &&
      Object.entries(operation.query ?? {}).every(
        ([name, value]) => query(name) !== undefined && (value ?? query(name)) === query(name),
      ) &&
      (operation.header === undefined || header(operation.header) !== undefined),
  )
}
