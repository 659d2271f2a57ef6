// A caller as one of its requests is narrowed: it sees fewer tools, and its backend reaches fewer buckets.
import { boundedBackend } from '../../auth/bounded-backend.js'
import { allowsBucket, type Rights } from '../../auth/rights.js'
import type { Caller } from '../caller.js'
import type { CatalogLinks } from '../catalog-links.js'
import { type Narrowing, narrowest, unnarrowed } from './narrowing.js'

/** The caller, narrowed further. What it was narrowed to before stays. */
export function narrowedCaller(caller: Caller, narrowing: Narrowing): Caller {
  const both = narrowest(caller.view.narrowing ?? unnarrowed, narrowing)
  const narrowed: Caller = { ...caller, view: { ...caller.view, narrowing: both } }
  if (narrowing.buckets === undefined) return narrowed
  const rights: Rights = { buckets: [...narrowing.buckets], setBy: 'request' }
  return {
    ...narrowed,
    backend: async () => boundedBackend(await caller.backend(), rights),
    links: () => boundedLinks(caller.links(), rights),
  }
}

/** No links into buckets that the request does not see. */
function boundedLinks(links: CatalogLinks, rights: Rights): CatalogLinks {
  return {
    packageUrl: (target) => (allowsBucket(rights, target.bucket) ? links.packageUrl(target) : undefined),
    objectUrl: (target) => (allowsBucket(rights, target.bucket) ? links.objectUrl(target) : undefined),
    bucketUrl: (bucket) => (allowsBucket(rights, bucket) ? links.bucketUrl(bucket) : undefined),
    searchUrl: (search) => {
      const buckets = (search.buckets ?? rights.buckets ?? []).filter((bucket) => allowsBucket(rights, bucket))
      return buckets.length > 0 ? links.searchUrl({ ...search, buckets }) : undefined
    },
  }
}
