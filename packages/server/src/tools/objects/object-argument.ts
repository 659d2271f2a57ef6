// The one place that reads which object a call is about: `uri`, or bucket and key; an object in S3, or a file of a package.
import type { ObjectLocation } from '@quilt-mcp/backends'
import { parseReference, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { bucketPlace, oneOf } from '../bucket-argument.js'
import { type PackageTarget, packageTarget } from '../packages/package-argument.js'

/** The input fields of a tool that works on one object. */
export const objectFields = {
  uri: z.string().optional().describe('s3://, quilt+s3:// or catalog URL'),
  bucket: z.string().optional(),
  key: z.string().optional().describe('object key; with a package uri, the path in it'),
  version_id: z.string().optional(),
}

export interface ObjectArguments {
  readonly uri?: string | undefined
  readonly bucket?: string | undefined
  readonly key?: string | undefined
  readonly version_id?: string | undefined
}

/** An object in S3, or a file of a package. */
export type ObjectTarget =
  | { readonly kind: 'object'; readonly location: ObjectLocation }
  | { readonly kind: 'entry'; readonly package: PackageTarget; readonly logicalKey: string }

/** Puts together what the arguments say.
 * @throws {QuiltError} `invalid_input` when they name no object, or contradict each other */
export function objectArgument(input: ObjectArguments): ObjectTarget {
  const place = input.bucket === undefined ? undefined : bucketPlace(input.bucket)
  const reference = input.uri === undefined ? undefined : parseReference(input.uri)
  if (reference?.kind === 'package') {
    const target = packageTarget(reference, { bucket: place?.bucket, path: input.key })
    if (target.path === undefined) throw incomplete(`${target.name} is a package; which file of it is not given`)
    return { kind: 'entry', package: target, logicalKey: target.path }
  }
  const bucket = oneOf('bucket', place?.bucket, reference?.bucket)
  if (bucket === undefined) throw incomplete(input.key === undefined ? 'no object is named' : 'the bucket is not given')
  const referred = reference?.kind === 'object' ? reference : undefined
  const key = oneOf('key', oneOf('key', input.key, place?.prefix), referred?.key)
  if (key === undefined) throw incomplete(`${bucket} is a bucket; which object of it is not given`)
  const versionId = oneOf('version_id', input.version_id, referred?.versionId)
  return { kind: 'object', location: { bucket, key, ...(versionId !== undefined && { versionId }) } }
}

const incomplete = (message: string): QuiltError =>
  new QuiltError('invalid_input', message, {
    hint: 'Pass uri (s3://bucket/key or quilt+s3://bucket#package=namespace/name&path=file), or bucket and key.',
    nextTools: ['bucket_objects_list', 'package_browse'],
  })
