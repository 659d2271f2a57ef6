// Writes of objects under conditions: S3 decides them where it can, else what is there is looked at first.
import { fromS3Sha256, type ObjectHash } from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'
import { type ConditionalWrites, conditionalWrites } from '../packages/stores/s3-store-conditions.js'
import { contentSize } from './content.js'
import type { ObjectContent, ObjectLocation, PutOptions, WrittenObject } from './port.js'
import type { S3Access } from './s3-access.js'
import { infoOf } from './s3-answer.js'
import { s3Failure } from './s3-error.js'
import { headObject } from './s3-head.js'
import { inputOf, nameOf } from './s3-location.js'
import { multipartFromBytes, putObject } from './s3-put.js'

/** What a bucket's S3 has said about conditions is kept with it. */
const bucketsKept = 1_000

/** Writes one object. @throws {QuiltError} `conflict` when `ifAbsent` or `ifMatch` does not hold */
export type WriteObject = (location: ObjectLocation, body: ObjectContent, options: PutOptions) => Promise<WrittenObject>

/** Makes the writing. A condition of a large object is looked at before its bytes are sent, too. */
export function objectWrites({ s3 }: { readonly s3: S3Access }): WriteObject {
  const known = new LRUCache<string, Writes>({ max: bucketsKept })
  const writesOf = (bucket: string): Writes => {
    const kept = known.get(bucket) ?? {
      small: conditionalWrites({ honoured: s3.honoursConditions }),
      large: conditionalWrites({ honoured: false }),
    }
    known.set(bucket, kept)
    return kept
  }
  return (location, body, { ifAbsent = false, ifMatch, ...options }) => {
    const size = contentSize(body)
    const { signal } = options
    let sent: ObjectHash | undefined
    return writesOf(location.bucket)[size < multipartFromBytes ? 'small' : 'large'].write({
      name: nameOf(location),
      expected: ifAbsent ? null : ifMatch,
      signal,
      look: () => lookAt(s3, location, signal),
      done: () => writtenAlready(s3, location, { size, sent, options }),
      repeatable: size < multipartFromBytes,
      send: (commit) => putObject(location, body, { ...options, s3, commit, onHash: (hash) => (sent = hash) }),
    })
  }
}

type Writes = Readonly<Record<'small' | 'large', ConditionalWrites>>

function head(s3: S3Access, location: ObjectLocation, signal: AbortSignal | undefined) {
  return s3.run(`Looking up ${nameOf(location)}`, signal, async (call) => {
    try {
      return await headObject(call, { ...inputOf(location), ChecksumMode: 'ENABLED' })
    } catch (error) {
      const failure = s3Failure(error)
      if (failure?.status === 404 && failure.name !== 'NoSuchBucket') return undefined
      throw error
    }
  })
}

async function lookAt(s3: S3Access, location: ObjectLocation, signal: AbortSignal | undefined) {
  const found = await head(s3, location, signal)
  if (found === undefined) return undefined
  const { size, etag = '', modified = '' } = infoOf(location, found)
  return { size, etag, modified }
}

interface Sent {
  readonly size: number
  /** Absent: nothing was sent to its end. */
  readonly sent: ObjectHash | undefined
  readonly options: PutOptions
}

/** What is there, when it is what was sent: then only the answer was lost. */
async function writtenAlready(
  s3: S3Access,
  location: ObjectLocation,
  { size, sent, options: { signal, contentType, metadata } }: Sent,
): Promise<WrittenObject | undefined> {
  const found = sent && (await head(s3, location, signal))
  if (sent === undefined || found === undefined || found.ContentLength !== size) return undefined
  const checksum = found.ChecksumSHA256 ?? ''
  const value = checksum.includes('-') ? checksum.split('-')[0] : fromS3Sha256(checksum, size)?.value
  if (value !== sent.value) return undefined
  const { modified: _, contentType: _type, metadata: _metadata, ...info } = infoOf(location, found)
  return {
    ...info,
    hash: sent,
    ...(contentType === undefined ? {} : { contentType }),
    ...(metadata === undefined ? {} : { metadata }),
  }
}
