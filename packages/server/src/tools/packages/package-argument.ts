// The one place that reads a `package` argument: a name with its bucket, a quilt+s3 URI or the address of a catalog page.
import { type PackageReference, parseReference, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { bucketArgument, oneOf } from '../bucket-argument.js'

/** The input fields of a tool that works on one package. */
export const packageFields = {
  package: z.string().describe('namespace/name, quilt+s3:// URI or catalog URL'),
  bucket: z.string().optional().describe('needed with namespace/name'),
}

/** The input field that names a revision. */
export const revisionField = () => z.string().optional().describe('top hash (or its start); default latest')

export interface PackageArguments {
  readonly package: string
  readonly bucket?: string | undefined
  readonly revision?: string | undefined
  readonly path?: string | undefined
}

/** What a call means by its package. */
export interface PackageTarget {
  readonly bucket: string
  /** `namespace/name`. */
  readonly name: string
  /** A tag, a top hash or a prefix of one. Absent: the call did not say. */
  readonly revision?: string
  /** Without leading and trailing slash. Absent: the root. */
  readonly path?: string
}

/** Puts together what `package` and the arguments beside it say.
 * @throws {QuiltError} `invalid_input` when the text names no package, no bucket is known, or two arguments contradict each other */
export function packageArgument(input: PackageArguments): PackageTarget {
  const reference = parseReference(input.package)
  if (reference.kind !== 'package') {
    throw new QuiltError(
      'invalid_input',
      `${JSON.stringify(input.package)} names no package, but an ${reference.kind}`,
      {
        hint: 'Pass namespace/name and bucket, or quilt+s3://bucket#package=namespace/name.',
        nextTools: ['package_list'],
      },
    )
  }
  return packageTarget(reference, input)
}

/** As {@link packageArgument}, for a reference that was parsed already. */
export function packageTarget(reference: PackageReference, input: Omit<PackageArguments, 'package'>): PackageTarget {
  const given = input.bucket === undefined ? undefined : bucketArgument(input.bucket)
  const bucket = oneOf('bucket', given, reference.bucket)
  if (bucket === undefined) {
    throw new QuiltError('invalid_input', `the bucket of ${reference.name} is not given`, {
      hint: 'Pass bucket as well; bucket_list names those you can see.',
      details: { argument: 'bucket' },
      nextTools: ['bucket_list'],
    })
  }
  const revision = oneRevision(input.revision?.trim().replace(/^@/, ''), reference.revision)
  const path = oneOf('path', pathArgument(input.path), pathArgument(reference.path))
  return {
    bucket,
    name: reference.name,
    ...(revision !== undefined && { revision }),
    ...(path !== undefined && { path }),
  }
}

/** Two spellings of one hash are the same revision: the longer one is taken. */
function oneRevision(given: string | undefined, referred: string | undefined): string | undefined {
  if (
    given !== undefined &&
    referred !== undefined &&
    /^[0-9a-f]{6,}$/.test(given) &&
    /^[0-9a-f]{6,}$/.test(referred)
  ) {
    if (given.startsWith(referred)) return given
    if (referred.startsWith(given)) return referred
  }
  return oneOf('revision', given, referred)
}

/** A path without the slashes around it; undefined for the root. */
function pathArgument(path: string | undefined): string | undefined {
  const plain = path?.replace(/^(\.?\/)+/, '').replace(/\/+$/, '')
  return plain === undefined || plain === '' || plain === '.' ? undefined : plain
}
