// Entries that lie in buckets: version, size and hash by what S3 keeps of them, else from their bytes (formats.md 4.4, 4.6).
import {
  checkedBucketPlace,
  chunkedSha256,
  createParallelSha256,
  entryNotFetched,
  formatPhysicalKey,
  hashFromS3,
  type ObjectHash,
  type ParallelSha256,
  QuiltError,
  type S3PhysicalKey,
} from '@quilt-mcp/core'
import { pauseFor } from '../pause.js'
import { type EntryObjects, type FoundEntry, fillFrom, foundFor } from './entry-facts.js'
import type { ObjectLocation } from './port.js'
import { s3Objects } from './s3.js'
import type { S3Access, S3Call } from './s3-access.js'
import { bodyOf, checkedEtag } from './s3-answer.js'
import { s3Failure } from './s3-error.js'
import { headObject } from './s3-head.js'
import { entryLocation, inputOf, nameOf } from './s3-location.js'

export interface S3EntriesDeps {
  readonly s3: S3Access
  /** How many parts of 8 MiB are read and hashed at the same time, over all entries. Default 8. */
  readonly partsAtOnce?: number | undefined
}

/** The entries that one principal may read. */
export function s3Entries({ s3, partsAtOnce = 8 }: S3EntriesDeps): EntryObjects {
  const objects = s3Objects({ s3 })
  const sha256 = createParallelSha256({ concurrency: partsAtOnce })
  return {
    look(entry, { signal, wantsHash = true } = {}) {
      const checked = checkedBucketPlace(entry)
      if ('failure' in checked) return checked
      const { place } = checked
      const { size, hash } = entry
      // What is complete is what a stored manifest says, or what the caller knows better: it is not looked at.
      if (size !== undefined && hash !== undefined)
        return { found: { physicalKey: formatPhysicalKey(place), size, hash } }
      const isSmall = wantsHash && size !== undefined && size <= readAtOnceBytes
      return (isSmall ? readSmall(s3, place, signal) : lookUp(s3, place, signal)).then((found) =>
        typeof found === 'string' ? { failure: entryNotFetched(entry, found) } : foundFor(entry, found),
      )
    },

    hash: async (found, { signal } = {}) => found.hash ?? hashOf({ s3, sha256 }, found, signal),

    read: async (entry, options = {}) => objects.read(entryLocation(entry), options),
  }
}

interface HashDeps {
  readonly s3: S3Access
  readonly sha256: ParallelSha256
}

/** Up to here an object is read when it is looked at: S3 seldom keeps a checksum that is its hash, and a second request costs more. */
const readAtOnceBytes = 65_536

/** What GET tells of a small object, its hash among it. Whatever keeps it from being read is told by HEAD. */
async function readSmall(
  s3: S3Access,
  place: S3PhysicalKey,
  signal: AbortSignal | undefined,
): ReturnType<typeof lookUp> {
  const name = nameOf(place)
  try {
    return await s3.run(`Reading ${name}`, signal, async ({ sdk, client, send }) => {
      const command = new sdk.GetObjectCommand({ ...inputOf(place), ChecksumMode: 'ENABLED' })
      const {
        body,
        size,
        etag,
        versionId = place.versionId,
      } = bodyOf(place, await client.send(command, send), {
        name,
        signal,
      })
      const found = {
        physicalKey: formatPhysicalKey({ ...place, ...(versionId === undefined ? {} : { versionId }) }),
        size,
        ...(etag === undefined ? {} : { etag }),
      }
      if (size <= readAtOnceBytes) return { ...found, hash: await chunkedSha256(body, size) }
      // One that has grown meanwhile is refused for its size. Leaving the loop closes the request.
      for await (const _ of body) break
      return found
    })
  } catch (error) {
    if (signal?.aborted || !(error instanceof QuiltError)) throw error
    return lookUp(s3, place, signal)
  }
}

/** What HEAD tells, or S3's word for why it does not. */
async function lookUp(
  s3: S3Access,
  place: S3PhysicalKey,
  signal: AbortSignal | undefined,
): Promise<FoundEntry | 'NoSuchKey' | 'NoSuchVersion' | 'AccessDenied'> {
  try {
    return await s3.run(`Looking up ${nameOf(place)}`, signal, async (call) => {
      const answer = await headObject(call, { ...inputOf(place), ChecksumMode: 'ENABLED' })
      const versionId = answer.VersionId ?? place.versionId
      const size = answer.ContentLength ?? 0
      const hash = hashFromS3({ sha256: answer.ChecksumSHA256 }, size)
      return {
        physicalKey: formatPhysicalKey({ ...place, ...(versionId === undefined ? {} : { versionId }) }),
        size,
        etag: checkedEtag(answer.ETag),
        ...(hash === undefined ? {} : { hash }),
        ...(answer.ChecksumSHA256 === undefined ? {} : { checksum: answer.ChecksumSHA256 }),
      }
    })
  } catch (error) {
    if (!(error instanceof QuiltError)) throw error
    if (error.code === 'forbidden') return 'AccessDenied'
    if (error.code !== 'not_found') throw error
    return place.versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion'
  }
}

/** What lies in S3, to be hashed. */
interface Found {
  readonly location: ObjectLocation
  readonly size: number
  readonly etag: string | undefined
  readonly checksum: string | undefined
}

async function hashOf(
  deps: HashDeps,
  { physicalKey, size, etag, checksum }: FoundEntry,
  signal: AbortSignal | undefined,
): Promise<ObjectHash> {
  const location = entryLocation({ logicalKey: physicalKey, physicalKey })
  const found = { location, size, etag, checksum }
  const known = checksum?.includes('-') ? await hashFromParts(deps.s3, found, signal) : undefined
  return (
    known ?? deps.sha256.hash({ size, fill: (into, start) => fill(deps.s3, found, { into, start, signal }) }, signal)
  )
}

const partsInPage = 1_000

/** From the checksum of an upload in parts, when all parts were of the size that Quilt hashes in. */
async function hashFromParts(
  s3: S3Access,
  { location, size, checksum }: Found,
  signal: AbortSignal | undefined,
): Promise<ObjectHash | undefined> {
  return s3.run(`Looking up the parts of ${nameOf(location)}`, signal, async (call) => {
    try {
      const partSizes = await partSizesOf(call, location)
      return partSizes === undefined ? undefined : hashFromS3({ sha256: checksum, partSizes }, size)
    } catch (error) {
      // A right of its own, which not all have; and not known to some stores that speak S3.
      if (unanswered.has(s3Failure(error)?.status ?? 0)) return undefined
      throw error
    }
  })
}

const unanswered: ReadonlySet<number> = new Set([400, 403, 404, 405, 501])

async function partSizesOf(
  { sdk, client, send }: S3Call,
  location: ObjectLocation,
): Promise<readonly number[] | undefined> {
  const sizes: number[] = []
  for (let marker: string | undefined; ; ) {
    const { ObjectParts: page } = await client.send(
      new sdk.GetObjectAttributesCommand({
        ...inputOf(location),
        ObjectAttributes: ['ObjectParts'],
        MaxParts: partsInPage,
        ...(marker === undefined ? {} : { PartNumberMarker: marker }),
      }),
      send,
    )
    if (page?.Parts === undefined) return undefined
    sizes.push(...page.Parts.map(({ Size = 0 }) => Size))
    if (page.IsTruncated !== true || page.NextPartNumberMarker === undefined) return sizes
    marker = page.NextPartNumberMarker
  }
}

interface Piece {
  readonly into: Uint8Array
  readonly start: number
  readonly signal: AbortSignal | undefined
}

const attempts = 3
const pauseMs = 200

/** Reads a stretch of exactly that version; one that breaks off is read again. */
async function fill(s3: S3Access, { location, etag }: Found, { into, start, signal }: Piece): Promise<void> {
  const name = nameOf(location)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await s3.run(`Reading ${name}`, signal, async ({ sdk, client, send }) => {
        const command = new sdk.GetObjectCommand({
          ...inputOf(location),
          Range: `bytes=${start}-${start + into.length - 1}`,
          ...(etag === undefined ? {} : { IfMatch: `"${etag}"` }),
        })
        await fillFrom(into, bodyOf(location, await client.send(command, send), { name, signal }).body)
      })
    } catch (error) {
      if (error instanceof QuiltError && error.details?.s3 === 'PreconditionFailed') throw replaced(name, error)
      if (signal?.aborted || attempt === attempts || !(error instanceof QuiltError) || !error.retryable) throw error
      await pauseFor(pauseMs * attempt, signal)
    }
  }
}

function replaced(name: string, cause: QuiltError): QuiltError {
  return new QuiltError('conflict', `${name} was replaced while it was read; nothing was written`, {
    hint: 'Wait until nothing writes to it, then try again.',
    retryable: true,
    cause,
  })
}
