// Web catalog addresses for what a result names (formats.md 10.2). Without a known catalog there are none: never a made-up host.
import { bucketUrl, objectUrl, packageUrl } from '@quilt-mcp/core'

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
}

/** Links into the catalog at an origin (`https://host`, no trailing slash), or no links when it is undefined. */
export function catalogLinks(origin: string | undefined): CatalogLinks {
  if (origin === undefined) return noLinks
  return {
    packageUrl: (target) => packageUrl(origin, target),
    objectUrl: (target) => objectUrl(origin, target),
    bucketUrl: (bucket) => bucketUrl(origin, bucket),
  }
}

const noLinks: CatalogLinks = {
  packageUrl: () => undefined,
  objectUrl: () => undefined,
  bucketUrl: () => undefined,
}
