// Web catalog addresses for what a result names (formats.md 10.2). Without a known catalog there are none: never a made-up host.
import { bucketUrl, objectUrl, packageUrl } from '@quilt-mcp/core'

/** A search page of the catalog. */
export interface CatalogSearch {
  /** Absent: all. */
  readonly buckets?: readonly string[]
  /** Names and values as they are, not encoded (formats.md 10.3). */
  readonly parameters: readonly (readonly [name: string, value: string])[]
}

/** Each answers undefined when no catalog is known. */
export interface CatalogLinks {
  packageUrl(target: {
    readonly bucket: string
    readonly name: string
    readonly topHash?: string
    readonly path?: string
  }): string | undefined
  objectUrl(target: { readonly bucket: string; readonly key: string; readonly versionId?: string }): string | undefined
  bucketUrl(bucket: string): string | undefined
  /** Also undefined for a search whose address would be too long for browsers and servers. */
  searchUrl(search: CatalogSearch): string | undefined
}

/** Links into the catalog at an origin (`https://host`, no trailing slash), or no links when it is undefined. */
export function catalogLinks(origin: string | undefined): CatalogLinks {
  if (origin === undefined) return noLinks
  return {
    packageUrl: (target) => packageUrl(origin, target),
    objectUrl: (target) => objectUrl(origin, target),
    bucketUrl: (bucket) => bucketUrl(origin, bucket),
    searchUrl: (search) => searchUrl(origin, search),
  }
}

const longestUrl = 2_000

function searchUrl(origin: string, { buckets, parameters }: CatalogSearch): string | undefined {
  const all = buckets === undefined ? parameters : [...parameters, ['b', buckets.join(',')] as const]
  const url = `${origin.replace(/\/+$/, '')}/search?${all.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`
  return url.length <= longestUrl ? url : undefined
}

const noLinks: CatalogLinks = {
  packageUrl: () => undefined,
  objectUrl: () => undefined,
  bucketUrl: () => undefined,
  searchUrl: () => undefined,
}
