// Presigned links: made here, offline, with the principal's own credentials.
import { QuiltError } from '@quilt-mcp/core'
import type { ObjectLink } from '../backend.js'
import type { S3Call } from './s3-access.js'
import { s3Failure } from './s3-error.js'

interface LinkInput {
  readonly Bucket: string
  readonly Key: string
  readonly VersionId?: string
}

interface LinkOptions {
  readonly call: S3Call
  readonly expiresInSeconds: number
  readonly nowMs: number
  /** Whether this is Amazon's S3, where a link must name the bucket's own region. */
  readonly amazon: boolean
}

/** A presigned GET. It dies with the credentials that signed it, whatever was asked for. */
export async function linkTo(
  input: LinkInput,
  { call, expiresInSeconds, nowMs, amazon }: LinkOptions,
): Promise<ObjectLink> {
  if (input.Key.split('/').some((part) => part === '.' || part === '..')) {
    throw new QuiltError(
      'unsupported',
      `s3://${input.Bucket}/${input.Key} has a part . or .., which browsers take out of a link`,
      {
        hint: 'Read the object with object_read.',
        nextTools: ['object_read'],
      },
    )
  }
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
  const leftSeconds = Math.floor((call.credentials.expiresAtMs - nowMs) / 1_000)
  if (leftSeconds < 1)
    throw new QuiltError('unauthenticated', 'The AWS credentials have just expired', {
      hint: 'Try again.',
      retryable: true,
    })
  const seconds = Math.min(expiresInSeconds, leftSeconds)
  const region = amazon ? await bucketRegion(input.Bucket, call) : undefined
  const client = region === undefined ? call.client : call.inRegion(region)
  const url = await getSignedUrl(client, new call.sdk.GetObjectCommand(input), {
    expiresIn: seconds,
    signingDate: new Date(nowMs),
  })
  return { url, expires: new Date(nowMs + seconds * 1_000).toISOString() }
}

/** S3 names a bucket's region even to those who may not list it. */
async function bucketRegion(bucket: string, { sdk, client, send }: S3Call): Promise<string | undefined> {
  try {
    return (await client.send(new sdk.HeadBucketCommand({ Bucket: bucket }), send)).BucketRegion
  } catch (error) {
    if (s3Failure(error)?.status === 403) return headerOf(error, 'x-amz-bucket-region')
    throw error
  }
}

function headerOf(error: unknown, name: string): string | undefined {
  if (!(error instanceof Error) || !('$response' in error)) return undefined
  const response = error.$response
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined
  const headers = response.headers
  if (typeof headers !== 'object' || headers === null) return undefined
  const value: unknown = Reflect.get(headers, name)
  return typeof value === 'string' ? value : undefined
}
