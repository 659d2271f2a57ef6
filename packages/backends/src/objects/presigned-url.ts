// Signs a request now that somebody else sends later.
import type { $Command, S3ClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-s3'
import { QuiltError } from '@quilt-mcp/core'
import type { AwsCredentials } from '../credentials/outcome.js'
import type { S3Call } from './s3-access.js'

export interface PresignOptions {
  readonly call: S3Call
  readonly bucket: string
  readonly expiresInSeconds: number
  /** Milliseconds since 1970. */
  readonly nowMs: number
  /** Headers, in lower case, that the sender must send as they are in the command. */
  readonly signedHeaders?: readonly string[]
}

/** The URL, which dies with the credentials that signed it, whatever was asked for.
 * @throws {QuiltError} `unauthenticated` when they have no second to live */
export async function presignedUrl<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  command: $Command<Input, Output, S3ClientResolvedConfig>,
  { call, bucket, expiresInSeconds, nowMs, signedHeaders = [] }: PresignOptions,
): Promise<{ readonly url: string; readonly expires: string }> {
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
  const { client, credentials } = await call.signerFor(bucket)
  const leftSeconds = Math.floor((endOf(credentials, nowMs) - nowMs) / 1_000)
  if (leftSeconds < 1) {
    throw new QuiltError('unauthenticated', 'The AWS credentials have just expired', {
      hint: 'Try again.',
      retryable: true,
    })
  }
  const seconds = Math.min(expiresInSeconds, leftSeconds)
  const url = await getSignedUrl(client, command, {
    expiresIn: seconds,
    signingDate: new Date(nowMs),
    signableHeaders: new Set(['host', ...signedHeaders]),
    unhoistableHeaders: new Set(signedHeaders),
  })
  return { url, expires: new Date(nowMs + seconds * 1_000).toISOString() }
}

/** @throws {QuiltError} `unsupported` for a key that many senders of a URL would change */
export function checkLinkable({ bucket, key }: { readonly bucket: string; readonly key: string }, hint: string): void {
  if (!key.split('/').some((part) => part === '.' || part === '..')) return
  throw new QuiltError('unsupported', `s3://${bucket}/${key} has a part . or .., which browsers take out of a link`, {
    hint,
  })
}

/** Of temporary credentials whose end nobody told: most have an hour or more when they are new. */
const presumedLifeMs = 3_600_000

function endOf({ expiresAtMs, sessionToken }: AwsCredentials, nowMs: number): number {
  return expiresAtMs ?? (sessionToken === undefined ? Number.POSITIVE_INFINITY : nowMs + presumedLifeMs)
}
