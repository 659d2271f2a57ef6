// One page of the keys of a bucket.
import type { ListObjectsV2CommandInput } from '@aws-sdk/client-s3'
import type { ObjectListItem } from './port.js'
import type { S3Call } from './s3-access.js'
import { notFromS3 } from './s3-answer.js'

export interface S3ListPage {
  readonly items: readonly ObjectListItem[]
  /** Raw, each with `/` at its end. */
  readonly prefixes: readonly string[]
  /** S3's token of the next page. */
  readonly next: string | undefined
}

/** Lists. @throws what the SDK throws; {QuiltError} `upstream` when the answer is no listing */
export async function listPage(
  { sdk, client, send }: S3Call,
  input: Omit<ListObjectsV2CommandInput, 'EncodingType'>,
): Promise<S3ListPage> {
  // Keys may hold characters that XML cannot.
  const page = await client.send(new sdk.ListObjectsV2Command({ ...input, EncodingType: 'url' }), send)
  // Anything that is no listing would read as an empty one.
  if (page.IsTruncated === undefined) throw notFromS3()
  return {
    items: (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified, ETag }) => ({
      key: decodeKey(Key),
      size: Size,
      modified: (LastModified ?? new Date(0)).toISOString(),
      ...(ETag === undefined ? {} : { etag: ETag.replaceAll('"', '') }),
    })),
    prefixes: (page.CommonPrefixes ?? []).map((common) => decodeKey(common.Prefix ?? '')),
    next: page.NextContinuationToken,
  }
}

/** A key of an answer to `encoding-type=url`, which writes a space as `+`. */
export function decodeKey(key: string): string {
  return /[%+]/.test(key) ? decodeURIComponent(key.replaceAll('+', ' ')) : key
}
