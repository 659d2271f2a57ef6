// A backend that refuses what the caller's rights do not list, before anything is sent: whichever tool asks, by whichever way.
// Every member is named here one by one: a capability that nobody has thought of is not there.
import type { Backend, Bucket, Buckets, Links, ObjectLocation, Objects, Uploads } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { boundedPackages } from './bounded-packages.js'
import { boundedSearch } from './bounded-search.js'
import { allowsBucket, checkRight, isBounded, type Rights } from './rights.js'

/** The backend as these rights let it be used; the backend itself when they bound nothing.
 * Each call rejects with `forbidden`, naming what is missing, where they do not suffice. */
export function boundedBackend(backend: Backend, rights: Rights): Backend {
  if (!isBounded(rights)) return backend
  const { name, trace, catalogUrl, buckets, objects, links, uploads, packages, search, roles } = backend
  return {
    name,
    ...(trace !== undefined && { trace }),
    ...(catalogUrl !== undefined && { catalogUrl }),
    identity: (options) => backend.identity(options),
    buckets: boundedBuckets(buckets, rights),
    objects: boundedObjects(objects, rights),
    ...(links !== undefined && { links: boundedLinks(links, rights) }),
    ...(uploads !== undefined && { uploads: boundedUploads(uploads, rights) }),
    packages: boundedPackages(packages, rights),
    ...(search !== undefined && { search: boundedSearch(search, rights) }),
    ...(roles !== undefined && { roles: { switch: () => Promise.reject(staysInRole(rights)) } }),
    close: () => backend.close(),
  }
}

/** A switch holds for all sessions and keys of the user: who was given less than the user has may not change what they have. */
const staysInRole = ({ setBy = 'token' }: Rights): QuiltError =>
  new QuiltError('forbidden', `this ${setBy} is bounded, and cannot switch the role of its user`, {
    hint: 'Switch roles in the web catalog, or with a token of your own and a connection that is not narrowed.',
    details: { reason: `${setBy}-rights` },
    nextTools: ['catalog_status'],
  })

/** Names of buckets need no action: the registry tells everybody those of their role. */
function boundedBuckets(buckets: Buckets, rights: Rights): Buckets {
  return {
    async list({ limit = 100, cursor, ...options } = {}) {
      // Cut into pages after the choice: pages of those that are not shown would be empty.
      const allowed: Bucket[] = []
      let from: string | undefined
      do {
        const page = await buckets.list({ ...options, limit: 1_000, ...(from !== undefined && { cursor: from }) })
        allowed.push(...page.items.filter(({ name }) => allowsBucket(rights, name)))
        from = page.cursor
      } while (from !== undefined)
      const start = offsetOf(cursor)
      const end = start + limit
      return {
        items: allowed.slice(start, end),
        total: allowed.length,
        ...(end < allowed.length && { cursor: String(end) }),
      }
    },
    async get(name, options) {
      checkRight(rights, 's3:ListBucket', name)
      return buckets.get(name, options)
    },
  }
}

function offsetOf(cursor = '0'): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor)
  throw new QuiltError('invalid_input', 'The cursor does not belong to this list', {
    hint: 'Use the cursor of the last page of the same list, unchanged, or leave it out to start again.',
  })
}

function boundedObjects(objects: Objects, rights: Rights): Objects {
  const check = (action: string, { bucket }: Pick<ObjectLocation, 'bucket'>): void => checkRight(rights, action, bucket)
  return {
    async list(bucket, options) {
      check('s3:ListBucket', { bucket })
      return objects.list(bucket, options)
    },
    async *keys(bucket, options) {
      check('s3:ListBucket', { bucket })
      yield* objects.keys(bucket, options)
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

function boundedUploads(uploads: Uploads, rights: Rights): Uploads {
  const check = ({ bucket }: ObjectLocation): void => checkRight(rights, 's3:PutObject', bucket)
  return {
    async begin(location, request) {
      check(location)
      return uploads.begin(location, request)
    },
    async complete(location, upload, conditions) {
      check(location)
      return uploads.complete(location, upload, conditions)
    },
    async abort(location, uploadId, options) {
      check(location)
      return uploads.abort(location, uploadId, options)
    },
  }
}
