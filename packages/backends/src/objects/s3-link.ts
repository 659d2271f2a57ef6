// Presigned links: made here, offline, with the principal's own credentials.
import { QuiltError } from '@quilt-mcp/core'
import type { AwsCredentials } from '../credentials/outcome.js'
import type { Links, ObjectLink } from './port.js'
import type { S3Access, S3Call } from './s3-access.js'
import { checkLocation, inputOf, nameOf } from './s3-location.js'

export interface S3LinksDeps {
  readonly s3: S3Access
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Makes the links of one principal. */
export function s3Links({ s3, now }: S3LinksDeps): Links {
  return {
    async link(location, { expiresInSeconds = 900, signal } = {}) {
      checkLocation(location)
      if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > 604_800) {
        throw new QuiltError('invalid_input', `expiresInSeconds is ${expiresInSeconds}`, {
          hint: 'Use a whole number from 1 to 604,800 (7 days).',
        })
      }
      return s3.run(`Signing a link to ${nameOf(location)}`, signal, (call) =>
        linkTo(inputOf(location), { call, expiresInSeconds, nowMs: now() }),
      )
    },
  }
}

interface LinkInput {
  readonly Bucket: string
  readonly Key: string
  readonly VersionId?: string
}

interface LinkOptions {
  readonly call: S3Call
  readonly expiresInSeconds: number
  readonly nowMs: number
}

/** A presigned GET. It dies with the credentials that signed it, whatever was asked for. */
async function linkTo(input: LinkInput, { call, expiresInSeconds, nowMs }: LinkOptions): Promise<ObjectLink> {
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
  const { client, credentials } = await call.signerFor(input.Bucket)
  const leftSeconds = Math.floor((endOf(credentials, nowMs) - nowMs) / 1_000)
  if (leftSeconds < 1)
    throw new QuiltError('unauthenticated', 'The AWS credentials have just expired', {
      hint: 'Try again.',
      retryable: true,
    })
  const seconds = Math.min(expiresInSeconds, leftSeconds)
  const url = await getSignedUrl(client, new call.sdk.GetObjectCommand(input), {
    expiresIn: seconds,
    signingDate: new Date(nowMs),
  })
  return { url, expires: new Date(nowMs + seconds * 1_000).toISOString() }
}

/** Of temporary credentials whose end nobody told: most have an hour or more when they are new. */
const presumedLifeMs = 3_600_000

function endOf({ expiresAtMs, sessionToken }: AwsCredentials, nowMs: number): number {
  return expiresAtMs ?? (sessionToken === undefined ? Number.POSITIVE_INFINITY : nowMs + presumedLifeMs)
}
