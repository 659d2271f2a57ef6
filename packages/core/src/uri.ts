// quilt+s3 URIs, what people copy out of the catalog (formats.md 10.1).
import { QuiltError } from './errors.js'
import { checkBucketName, parsePackageName } from './name.js'
import { encodeComponent, parseQuery } from './percent.js'

/** A package, a revision of it, or a path in it. Without `topHash` and `tag`: `latest`. */
export interface QuiltUri {
  readonly bucket: string
  /** `namespace/name`. */
  readonly name: string
  /** Lowercase hex: 64 digits, or a prefix of them. Never together with `tag`. */
  readonly topHash?: string | undefined
  /** Name of a pointer: `latest` or a Unix time. Never together with `topHash`. */
  readonly tag?: string | undefined
  /** Logical path of a file, or of a directory with a trailing slash. */
  readonly path?: string | undefined
  /** Host name of the web catalog. */
  readonly catalog?: string | undefined
}

/** What is left of a {@link QuiltUri} before the bucket and the path: `ns/name`, `ns/name@hash`, `ns/name:tag`. */
export type PackageSpec = Pick<QuiltUri, 'name' | 'topHash' | 'tag'>

const topHashOrPrefix = /^[0-9a-f]{1,64}$/
const tagName = /^[\p{L}\p{N}_.-]+$/u
const hostName = /^[A-Za-z0-9.-]+(?::\d+)?$/

/**
 * Takes a `quilt+s3://` URI apart. Unknown parts of the fragment are ignored.
 * @throws {QuiltError} `invalid_input` with what is wrong
 */
export function parseQuiltUri(text: string): QuiltUri {
  const match = /^quilt\+s3:\/\/([^#]*)(?:#(.*))?$/is.exec(text)
  if (match === null) throw malformed(text, 'it does not start with quilt+s3://')
  const [, bucket = '', fragment = ''] = match
  if (/[/?]/.test(bucket)) throw malformed(text, 'nothing but the bucket may stand before the "#"')
  checkBucketName(bucket)
  const pairs = parseQuery(fragment)
  const spec = single(text, pairs, 'package')
  if (spec === undefined) throw malformed(text, 'it names no package')
  const path = single(text, pairs, 'path')
  const catalog = single(text, pairs, 'catalog')
  if (catalog !== undefined && !hostName.test(catalog)) throw malformed(text, 'catalog is not a host name')
  return {
    bucket,
    ...parsePackageSpec(spec),
    ...(path === undefined ? {} : { path }),
    ...(catalog === undefined ? {} : { catalog }),
  }
}

/**
 * Reads `ns/name`, `ns/name@hash` or `ns/name:tag`.
 * @throws {QuiltError} `invalid_input` with what is wrong
 */
export function parsePackageSpec(text: string): PackageSpec {
  const [name = '', revision, ...more] = text.split(/[@:]/)
  if (more.length > 0) throw malformed(text, 'a package takes one @hash or one :tag')
  if (revision === undefined) return { name: parsePackageName(name) }
  const spec = text.includes('@') ? { name, topHash: revision.toLowerCase() } : { name, tag: revision }
  checkSpec(text, spec)
  return spec
}

/**
 * Writes a `quilt+s3://` URI; package, path and catalog in this order, the path fully percent-encoded.
 * @throws {QuiltError} `invalid_input` when a component is malformed, or both `topHash` and `tag` are given
 */
export function formatQuiltUri(uri: QuiltUri): string {
  checkBucketName(uri.bucket)
  checkSpec(uri.name, uri)
  if (uri.catalog !== undefined && !hostName.test(uri.catalog))
    throw malformed(uri.catalog, 'catalog is not a host name')
  const revision = uri.topHash !== undefined ? `@${uri.topHash}` : uri.tag !== undefined ? `:${uri.tag}` : ''
  const path = uri.path === undefined || uri.path === '' ? '' : `&path=${encodeComponent(uri.path)}`
  const catalog = uri.catalog === undefined ? '' : `&catalog=${uri.catalog}`
  return `quilt+s3://${uri.bucket}#package=${uri.name}${revision}${path}${catalog}`
}

function checkSpec(text: string, { name, topHash, tag }: PackageSpec): void {
  parsePackageName(name)
  if (topHash !== undefined && tag !== undefined) throw malformed(text, 'it has both a hash and a tag')
  if (topHash !== undefined && !topHashOrPrefix.test(topHash)) {
    throw malformed(text, 'a hash is 64 hexadecimal digits, or the first ones of them')
  }
  if (tag !== undefined && !tagName.test(tag)) throw malformed(text, 'a tag has letters, digits, "_", "." and "-"')
}

function single(
  text: string,
  pairs: readonly (readonly [name: string, value: string])[],
  wanted: string,
): string | undefined {
  const values = pairs.filter(([name]) => name === wanted)
  if (values.length > 1) throw malformed(text, `${wanted} stands there more than once`)
  return values[0]?.[1]
}

function malformed(text: string, reason: string): QuiltError {
  return new QuiltError('invalid_input', `${JSON.stringify(text)} is not a Quilt package URI: ${reason}`, {
    hint: 'Write quilt+s3://bucket#package=namespace/name, optionally with @hash or :tag, then &path=.',
  })
}
