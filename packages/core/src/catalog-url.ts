// Pages of the web catalog (formats.md 10.2).
import { QuiltError } from './errors.js'
import { checkBucketName, parsePackageName } from './name.js'
import { encodeComponent } from './percent.js'

/** What a package page shows. */
export interface PackagePage {
  readonly bucket: string
  /** `namespace/name`. */
  readonly name: string
  /** Absent: the latest revision. */
  readonly topHash?: string | undefined
  /** Path of a file, or of a directory with a trailing slash. Absent: the root. */
  readonly path?: string | undefined
}

/** What an object page shows. */
export interface ObjectPage {
  readonly bucket: string
  /** Raw key; a prefix ends in `/`. */
  readonly key: string
  readonly versionId?: string | undefined
}

/**
 * Address of a package, a revision or a path in it.
 * @param origin origin of the catalog: `https://catalog.example.com`
 * @throws {QuiltError} `invalid_input` when the origin is not http(s), or bucket or name are malformed
 */
export function packageUrl(origin: string, { bucket, name, topHash, path = '' }: PackagePage): string {
  const base = `${bucketUrl(origin, bucket)}/packages/${encodeSegments(parsePackageName(name))}`
  if (path === '' && topHash === undefined) return base
  return `${base}/tree/${encodeComponent(topHash ?? 'latest')}/${encodeSegments(path)}`
}

/** Address of an object, one version of it, or a prefix. Parameters and errors as {@link packageUrl}. */
export function objectUrl(origin: string, { bucket, key, versionId }: ObjectPage): string {
  const version = versionId === undefined ? '' : `?version=${encodeComponent(versionId)}`
  return `${bucketUrl(origin, bucket)}/tree/${encodeSegments(key)}${version}`
}

/** Address of a bucket's overview. Parameters and errors as {@link packageUrl}. */
export function bucketUrl(origin: string, bucket: string): string {
  if (!/^https?:\/\/[^/?#\s]+\/*$/i.test(origin)) {
    throw new QuiltError('invalid_input', `${JSON.stringify(origin)} is not the address of a catalog`, {
      hint: 'Write the origin alone: https://catalog.example.com.',
    })
  }
  checkBucketName(bucket)
  return `${origin.replace(/\/+$/, '')}/b/${bucket}`
}

function encodeSegments(path: string): string {
  return path.split('/').map(encodeComponent).join('/')
}
