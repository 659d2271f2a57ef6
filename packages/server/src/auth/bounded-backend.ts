// A backend that refuses what the caller's token does not list, before anything is sent: whichever tool asks, by whichever way.
import type { Backend, Buckets, Links, ObjectLocation, Objects, PackageReader, Packages } from '@quilt-mcp/backends'
import { parsePhysicalKey } from '@quilt-mcp/core'
import { allowsBucket, checkRight, isBounded, type Rights } from './rights.js'

/** The backend as these rights let it be used; the backend itself when they bound nothing. */
export function boundedBackend(backend: Backend, rights: Rights): Backend {
  if (!isBounded(rights)) return backend
  const { name, trace, buckets, objects, links, packages } = backend
  // Named one by one: a capability that nobody has thought of here is not there.
  return {
    name,
    ...(trace !== undefined && { trace }),
    identity: (options) => backend.identity(options),
    buckets: boundedBuckets(buckets, rights),
    objects: boundedObjects(objects, rights),
    ...(links !== undefined && { links: boundedLinks(links, rights) }),
    packages: boundedPackages(packages, rights),
    close: () => backend.close(),
  }
}

function boundedBuckets(buckets: Buckets, rights: Rights): Buckets {
  return {
    async list(page) {
      const { items, cursor } = await buckets.list(page)
      // How many of all the caller may see is not known before all were looked at.
      return { items: items.filter(({ name }) => allowsBucket(rights, name)), ...(cursor !== undefined && { cursor }) }
    },
    async get(name, options) {
      checkRight(rights, 's3:ListBucket', name)
      return buckets.get(name, options)
    },
  }
}

function boundedObjects(objects: Objects, rights: Rights): Objects {
  const check = (action: string, { bucket }: Pick<ObjectLocation, 'bucket'>): void => checkRight(rights, action, bucket)
  return {
    async list(bucket, options) {
      check('s3:ListBucket', { bucket })
      return objects.list(bucket, options)
    },
    async info(location, options) {
      check('s3:GetObject', location)
      return objects.info(location, options)
    },
    async read(location, options) {
      check('s3:GetObject', location)
      return objects.read(location, options)
    },
    async put(location, body, options) {
      check('s3:PutObject', location)
      return objects.put(location, body, options)
    },
  }
}

function boundedLinks(links: Links, rights: Rights): Links {
  return {
    async link(location, options) {
      checkRight(rights, 's3:GetObject', location.bucket)
      return links.link(location, options)
    },
  }
}

function boundedPackages(packages: Packages, rights: Rights): Packages {
  const checkRead = (bucket: string): void => checkRight(rights, 's3:GetObject', bucket)
  const { promote } = packages
  return {
    async list(bucket, page) {
      checkRight(rights, 's3:ListBucket', bucket)
      return packages.list(bucket, page)
    },
    async revisions(ref, page) {
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
    async push(plan, options) {
      checkRight(rights, 's3:PutObject', plan.bucket)
      for (const bucket of new Set(plan.entries.flatMap(({ physicalKey }) => bucketOf(physicalKey)))) checkRead(bucket)
      return packages.push(plan, options)
    },
    async remove(ref, options) {
      checkRight(rights, 's3:DeleteObject', ref.bucket)
      return packages.remove(ref, options)
    },
    ...(promote !== undefined && {
      async promote(revision, plan, options) {
        checkRead(revision.bucket)
        checkRight(rights, 's3:PutObject', plan.bucket)
        return promote(revision, plan, options)
      },
    }),
  }
}

/** A package may name objects of any bucket: the bytes of each are checked where they lie. */
function boundedReader(reader: PackageReader, rights: Rights): PackageReader {
  return {
    ...reader,
    async read(logicalKey, options) {
      const { physicalKey } = await reader.entry(logicalKey, options)
      for (const bucket of bucketOf(physicalKey)) checkRight(rights, 's3:GetObject', bucket)
      return reader.read(logicalKey, options)
    },
  }
}

function bucketOf(physicalKey: string): readonly string[] {
  const parsed = parsePhysicalKey(physicalKey)
  return parsed.kind === 's3' ? [parsed.bucket] : []
}
