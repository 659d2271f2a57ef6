// Packages within the caller's rights. A package may name objects of any bucket: each is checked where its bytes lie.
import type { CallOptions, PackageReader, Packages, PlacedEntry, PlannedEntry, PushPlan } from '@quilt-mcp/backends'
import { parsePhysicalKey } from '@quilt-mcp/core'
import { checkRight, inNoBucket, type Rights } from './rights.js'

/** A manifest may be read, with the names, sizes and hashes that stand in it, by whoever may read its own bucket. */
export function boundedPackages(packages: Packages, rights: Rights): Packages {
  const checkRead = (bucket: string): void => checkRight(rights, 's3:GetObject', bucket)
  const openAt = packages.openAt?.bind(packages)
  const promote = packages.promote?.bind(packages)
  return {
    async list(bucket, page) {
      checkRight(rights, 's3:ListBucket', bucket)
      return packages.list(bucket, page)
    },
    async revisions(ref, page) {
      checkRight(rights, 's3:ListBucket', ref.bucket)
      checkRead(ref.bucket)
      return packages.revisions(ref, page)
    },
    async resolve(ref, tagOrHash, options) {
      checkRead(ref.bucket)
      return packages.resolve(ref, tagOrHash, options)
    },
    async open(revision, options) {
      checkRead(revision.bucket)
      return boundedReader(await packages.open(revision, options), rights)
    },
    ...(openAt !== undefined && {
      async openAt(ref, tagOrHash, options) {
        checkRead(ref.bucket)
        return boundedReader(await openAt(ref, tagOrHash, options), rights)
      },
    }),
    async push(plan, options) {
      return packages.push(boundedPlan(plan, rights), options)
    },
    async check(plan, options) {
      return packages.check(boundedPlan(plan, rights), options)
    },
    async workflowConfig(bucket, options) {
      checkRead(bucket)
      return packages.workflowConfig(bucket, options)
    },
    async workflowSchema(bucket, reference, options) {
      checkRead(bucket)
      checkSources([{ physicalKey: reference.url }], rights)
      return packages.workflowSchema(bucket, reference, options)
    },
    async remove(ref, options) {
      checkRight(rights, 's3:DeleteObject', ref.bucket)
      return packages.remove(ref, options)
    },
    ...(promote !== undefined && {
      async promote(revision, plan, options) {
        checkRead(revision.bucket)
        checkRight(rights, 's3:PutObject', plan.bucket)
        if (rights.buckets !== undefined) {
          // Where the objects lie stands in the manifest alone: it is read before anything is copied or made.
          const reader = await packages.open(revision, options)
          for await (const entries of reader.entries(options)) checkSources(entries, rights)
        }
        return promote(revision, plan, options)
      },
    }),
  }
}

/** The plan, each of whose objects may be read: those of a stream are checked as they are told, which is before anything is written.
 * @throws {QuiltError} `forbidden` when the package may not be written, or one of its objects not be read */
function boundedPlan(plan: PushPlan, rights: Rights): PushPlan {
  checkRight(rights, 's3:PutObject', plan.bucket)
  const stream = plan.entries
  if (!('batches' in stream)) {
    checkSources(stream.filter(isPlaced), rights)
    return plan
  }
  const { count } = stream
  const told = stream.batches.bind(stream)
  async function* batches(options?: CallOptions): AsyncGenerator<readonly PlannedEntry[]> {
    for await (const batch of told(options)) {
      checkSources(batch.filter(isPlaced), rights)
      yield batch
    }
  }
  return { ...plan, entries: { count, batches } }
}

const isPlaced = (entry: PlannedEntry): entry is PlacedEntry => 'physicalKey' in entry

function boundedReader(reader: PackageReader, rights: Rights): PackageReader {
  const directories = reader.directories?.bind(reader)
  const summary = reader.summary?.bind(reader)
  return {
    revision: reader.revision,
    header: reader.header,
    dir: (path, page) => reader.dir(path, page),
    entry: (logicalKey, options) => reader.entry(logicalKey, options),
    entries: (options) => reader.entries(options),
    ...(directories !== undefined && { directories }),
    ...(summary !== undefined && { summary }),
    async read(logicalKey, options) {
      const { physicalKey } = await reader.entry(logicalKey, options)
      checkSources([{ physicalKey }], rights)
      return reader.read(logicalKey, options)
    },
  }
}

/** @throws {QuiltError} `forbidden` when one of the places may not be read */
function checkSources(entries: readonly { readonly physicalKey: string }[], rights: Rights): void {
  const seen = new Set<string>()
  for (const { physicalKey } of entries) {
    const place = parsePhysicalKey(physicalKey)
    if (place.kind !== 's3') {
      if (rights.buckets === undefined) continue // needs no action of S3; who cannot reach it says so
      throw inNoBucket(physicalKey)
    }
    if (seen.has(place.bucket)) continue
    seen.add(place.bucket)
    checkRight(rights, 's3:GetObject', place.bucket)
  }
}
