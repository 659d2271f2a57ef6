// What users paste when they mean a package, an object or a bucket: names, URIs, addresses of catalog pages.
import { QuiltError } from './errors.js'
import { checkBucketName } from './name.js'
import { parseQuery, unquote } from './percent.js'
import { parsePhysicalKey } from './physical-key.js'
import { type PackageSpec, parsePackageSpec, parseQuiltUri } from './uri.js'

/** A package, a revision of it or a path in it. */
export interface PackageReference {
  readonly kind: 'package'
  /** Absent when only a name was given. */
  readonly bucket?: string
  /** `namespace/name`. */
  readonly name: string
  /** A tag, a top hash, or a prefix of one. Absent: the latest. */
  readonly revision?: string
  readonly path?: string
}

/** An object or, when the key ends in `/`, a prefix. */
export interface ObjectReference {
  readonly kind: 'object'
  readonly bucket: string
  /** Raw key, never quoted. */
  readonly key: string
  readonly versionId?: string
}

/** A bucket. */
export interface BucketReference {
  readonly kind: 'bucket'
  readonly bucket: string
}

/** What a pasted text means. */
export type Reference = PackageReference | ObjectReference | BucketReference

/**
 * Understands `ns/name` (also `@hash`, `:tag`), `quilt+s3://` URIs, `s3://` URLs and addresses of catalog pages.
 * Space around the text is ignored.
 * @throws {QuiltError} `invalid_input` for anything else
 */
export function parseReference(text: string): Reference {
  const trimmed = text.trim()
  if (/^quilt\+s3:/i.test(trimmed)) {
    const { bucket, path, ...spec } = parseQuiltUri(trimmed)
    return packageReference(bucket, spec, path)
  }
  if (/^s3:/i.test(trimmed)) return parseS3Url(trimmed)
  if (/^https?:/i.test(trimmed)) return parseCatalogUrl(trimmed)
  if (trimmed.includes('://') || !trimmed.includes('/')) throw notAReference(text)
  return packageReference(undefined, parsePackageSpec(trimmed), undefined)
}

function packageReference(bucket: string | undefined, spec: PackageSpec, path: string | undefined): PackageReference {
  const revision = spec.topHash ?? spec.tag
  return {
    kind: 'package',
    ...(bucket === undefined ? {} : { bucket }),
    name: spec.name,
    ...(revision === undefined ? {} : { revision }),
    ...(path === undefined || path === '' ? {} : { path }),
  }
}

function parseS3Url(text: string): Reference {
  // A stored URL drops a fragment and a query without value; in what a person typed, both belong to the key.
  if (/#|\?(?!versionId=)/.test(text)) {
    throw new QuiltError('invalid_input', `${JSON.stringify(text)} has an unquoted "#" or "?"`, {
      hint: 'In a key, write "#" as %23 and "?" as %3F; a version follows as ?versionId=.',
    })
  }
  const place = parsePhysicalKey(text)
  if (place.kind !== 's3') throw notAReference(text)
  return objectOrBucket(place.bucket, place.key, place.versionId)
}

function objectOrBucket(bucket: string, key: string, versionId: string | undefined): ObjectReference | BucketReference {
  if (key === '') return { kind: 'bucket', bucket }
  return versionId === undefined ? { kind: 'object', bucket, key } : { kind: 'object', bucket, key, versionId }
}

/** Reads the path by hand: `URL` would resolve `..` and `//`, which may belong to a key. */
function parseCatalogUrl(text: string): Reference {
  const match = /^https?:\/\/[^/?#]+(\/[^?#]*)?(?:\?([^#]*))?/i.exec(text)
  const [, path = '', query = ''] = match ?? []
  const [, page = '', subject = '', section = '', ...rest] = path.split('/')
  if ((page === 'uri' || page === 'redir') && subject !== '') return parseReference(unquote(subject))
  if (page !== 'b' || subject === '') throw notAReference(text)
  const bucket = unquote(subject)
  checkBucketName(bucket)
  if (section === 'tree') {
    const versionId = parseQuery(query).find(([name]) => name === 'version')?.[1]
    return objectOrBucket(bucket, unquote(rest.join('/')), versionId)
  }
  const [namespace = '', name = '', view, revision = '', ...below] = rest.map(unquote)
  if (section !== 'packages' || namespace === '' || name === '') return { kind: 'bucket', bucket }
  const spec = parsePackageSpec(`${namespace}/${name}${view === 'tree' && revision !== '' ? `:${revision}` : ''}`)
  return packageReference(bucket, spec, view === 'tree' ? below.join('/') : undefined)
}

function notAReference(text: string): QuiltError {
  return new QuiltError('invalid_input', `${JSON.stringify(text)} names no package, object or bucket`, {
    hint: 'Write ns/name, quilt+s3://bucket#package=ns/name, s3://bucket/key or the URL of a catalog page.',
  })
}
