// Presigned links: made here, offline, with the principal's own credentials.
import { QuiltError } from '@quilt-mcp/core'
import type { Links } from './port.js'
import { checkLinkable, presignedUrl } from './presigned-url.js'
import type { S3Access } from './s3-access.js'
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
      checkLinkable(location, 'Read the object with object_read.')
      const { bucket } = location
      return s3.run(`Signing a link to ${nameOf(location)}`, signal, (call) =>
        presignedUrl(new call.sdk.GetObjectCommand(inputOf(location)), {
          call,
          bucket,
          expiresInSeconds,
          nowMs: now(),
        }),
      )
    },
  }
}
