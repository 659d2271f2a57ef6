// Presigned path-style S3 URLs, SigV4: no header but the host is signed, no body is.

import type { IssuedCredentials } from '../identity/principal.js'
import { region } from '../s3/buckets.js'
import { awsEncode, awsEncodePath } from '../s3/request.js'
import { deriveKey, hmacHex, sha256Hex } from '../s3/sigv4.js'

export interface PresignInput {
  readonly method: 'GET' | 'HEAD'
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string
  readonly bucket: string
  readonly key: string
  /** Absent: the current version. */
  readonly versionId?: string | undefined
  readonly credentials: IssuedCredentials
  /** For how long the URL is good. */
  readonly seconds: number
  readonly now: Date
}

/** The URL that reads exactly this version, as the owner of the credentials. */
export function presignedUrl({
  method,
  endpoint,
  bucket,
  key,
  versionId,
  credentials,
  seconds,
  now,
}: PresignInput): string {
  const timestamp = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const date = timestamp.slice(0, 8)
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  const scope = `${date}/${region}/s3/aws4_request`
  const path = awsEncodePath(`/${bucket}/${key}`)
  const query = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${accessKeyId}/${scope}`],
    ['X-Amz-Date', timestamp],
    ['X-Amz-Expires', String(seconds)],
    ['X-Amz-Security-Token', sessionToken],
    ['X-Amz-SignedHeaders', 'host'],
    ...(versionId === undefined ? [] : [['versionId', versionId]]),
  ]
    .map(([name = '', value = '']) => `${awsEncode(name)}=${awsEncode(value)}`)
    .join('&') // already in the order that is signed
  const canonical = [method, path, query, `host:${new URL(endpoint).host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n')
  const toSign = `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256Hex(canonical)}`
  const signingKey = deriveKey(secretAccessKey, { accessKeyId, date, region, service: 's3' })
  return `${endpoint}${path}?${query}&X-Amz-Signature=${hmacHex(signingKey, toSign)}`
}
