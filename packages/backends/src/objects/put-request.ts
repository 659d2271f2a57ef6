// One write of an object to S3: what is asked for, and what its requests have in common.
import { createHash, webcrypto } from 'node:crypto'
import type { ObjectHash } from '@quilt-mcp/core'
import type { ObjectLocation, PutOptions } from './port.js'
import type { S3Access } from './s3-access.js'

/** Up to here the way to another thread and back takes longer than hashing. */
const hashedHereBytes = 65_536

/** What must hold for the object to be written, in S3's words. */
export interface WriteCondition {
  readonly IfNoneMatch?: '*'
  readonly IfMatch?: string
}

/** How one object is written. */
export interface PutRequest extends Omit<PutOptions, 'ifAbsent' | 'ifMatch'> {
  readonly s3: S3Access
  /** Sends the one request that makes the object visible, under a condition. Default: under none. */
  readonly commit?: (<T>(send: (condition: WriteCondition) => Promise<T>) => Promise<T>) | undefined
  /** Told the hash of what was sent, before it becomes visible. */
  readonly onHash?: ((hash: ObjectHash) => void) | undefined
}

/** What S3 answers to a write, and the SHA-256 of each part that went out. */
export interface Written {
  readonly VersionId?: string | undefined
  readonly ETag?: string | undefined
}

/** A write under way. */
export interface PutUnderWay extends PutRequest {
  /** Gets the SHA-256 of each part. */
  readonly digests: Uint8Array[]
}

export function targetOf({ bucket, key }: ObjectLocation) {
  return { Bucket: bucket, Key: key }
}

/** What goes along with the bytes. */
export function headersOf({ contentType, metadata }: Pick<PutRequest, 'contentType' | 'metadata'>) {
  return {
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
  }
}

export function commitOf({ commit }: Pick<PutRequest, 'commit'>): NonNullable<PutRequest['commit']> {
  return commit ?? ((send) => send({}))
}

/** `sha2-256-chunked` from the SHA-256 of the parts (formats.md 4.2). */
export function hashOfDigests(digests: readonly Uint8Array[]): ObjectHash {
  const whole = createHash('sha256')
  for (const digest of digests) whole.update(digest)
  return { type: 'sha2-256-chunked', value: whole.digest('base64') }
}

/** The SHA-256 of a part; of a large one on another thread. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (bytes.byteLength <= hashedHereBytes) return createHash('sha256').update(bytes).digest()
  return new Uint8Array(await webcrypto.subtle.digest('SHA-256', bytes))
}
