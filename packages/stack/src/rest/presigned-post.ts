// The form of a presigned POST: S3 takes one object from it, of this key and type, without another signature.
import type { IssuedCredentials } from '../identity/principal.js'
import { region } from '../s3/buckets.js'
import { deriveKey, hmacHex } from '../s3/sigv4.js'

export interface PresignedPostInput {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string
  readonly bucket: string
  readonly key: string
  readonly contentType: string | undefined
  readonly credentials: IssuedCredentials
  /** For how long the form is good. */
  readonly seconds: number
  readonly now: Date
  /** Bytes that the file may have. Default: what S3 takes at once, 5 GiB. */
  readonly largest?: number
}

export interface PresignedPost {
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
  readonly expires: Date
}

/** The form, which acts as the owner of the credentials. */
export function presignedPost(input: PresignedPostInput): PresignedPost {
  const { endpoint, bucket, key, contentType, credentials, seconds, now, largest = 5 * 1024 ** 3 } = input
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  const timestamp = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const date = timestamp.slice(0, 8)
  const expires = new Date(Math.min(now.getTime() + seconds * 1_000, credentials.expires.getTime()))
  const fields = {
    key,
    ...(contentType !== undefined && { 'Content-Type': contentType }),
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${accessKeyId}/${date}/${region}/s3/aws4_request`,
    'x-amz-date': timestamp,
    'x-amz-security-token': sessionToken,
  }
  const conditions = [
    { bucket },
    ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
    ['content-length-range', 0, largest],
  ]
  const document = JSON.stringify({ expiration: expires.toISOString(), conditions })
  const policy = Buffer.from(document, 'utf8').toString('base64')
  const signingKey = deriveKey(secretAccessKey, { accessKeyId, date, region, service: 's3' })
  const signed = { ...fields, policy, 'x-amz-signature': hmacHex(signingKey, policy) }
  return { url: `${endpoint}/${bucket}`, fields: signed, expires }
}
