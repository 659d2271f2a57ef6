// The one place that reads a `bucket` argument: a name, or what users paste in its stead.
import { checkBucketName, parseReference, QuiltError } from '@quilt-mcp/core'

/** A bucket, and the part of it that the text also named. */
export interface BucketPlace {
  readonly bucket: string
  /** Key or prefix. Absent: the whole bucket. */
  readonly prefix?: string
}

/** Reads a bucket name, `s3://bucket[/prefix]` or the address of a bucket's catalog page.
 * @throws {QuiltError} `invalid_input` for anything else */
export function bucketPlace(text: string): BucketPlace {
  const trimmed = text.trim()
  if (!/[:/]/.test(trimmed)) {
    checkBucketName(trimmed)
    return { bucket: trimmed }
  }
  const reference = parseReference(/^[^:/]+\/$/.test(trimmed) ? `s3://${trimmed}` : trimmed)
  if (reference.kind === 'bucket') return { bucket: reference.bucket }
  if (reference.kind === 'object') return { bucket: reference.bucket, prefix: reference.key }
  throw new QuiltError('invalid_input', `${JSON.stringify(text)} names a package where a bucket is wanted`, {
    hint: 'Pass the name of a bucket; bucket_list names those you can see.',
    nextTools: ['bucket_list'],
  })
}

/** Reads a `bucket` argument that must name a bucket alone.
 * @throws {QuiltError} `invalid_input` */
export function bucketArgument(text: string): string {
  const { bucket, prefix } = bucketPlace(text)
  if (prefix === undefined) return bucket
  throw new QuiltError('invalid_input', `${JSON.stringify(text)} names an object where a bucket is wanted`, {
    hint: `Pass bucket ${JSON.stringify(bucket)}.`,
  })
}

/** The value of two arguments that say the same thing. Undefined when neither does.
 * @throws {QuiltError} `invalid_input` when they differ */
export function oneOf(what: string, first: string | undefined, second: string | undefined): string | undefined {
  if (first !== undefined && second !== undefined && first !== second) {
    throw new QuiltError(
      'invalid_input',
      `${what} is given twice and differs: ${JSON.stringify(first)} and ${JSON.stringify(second)}`,
      { hint: `Pass ${what} once.` },
    )
  }
  return first ?? second
}
