// Where the bytes of an entry are, as a URL in a manifest (formats.md 2.7). Built from components, never by hand:
// an unquoted `#` or `?` in a key would cut it.
import { QuiltError } from './errors.js'
import { checkBucketName } from './name.js'
import { parseQuery, quote, quotePath, unquote } from './percent.js'

/** One object, or one version of it, in S3. */
export interface S3PhysicalKey {
  readonly kind: 's3'
  readonly bucket: string
  /** Raw key, never quoted. */
  readonly key: string
  /** Absent: whichever version is current. `null` as text is S3's own name of a version made before versioning. */
  readonly versionId?: string | undefined
}

/** A file on this machine. */
export interface FilePhysicalKey {
  readonly kind: 'file'
  /** Absolute, with forward slashes: `/data/a.csv` or `C:/data/a.csv`. */
  readonly path: string
}

/** Where the bytes of an entry are. */
export type PhysicalKey = S3PhysicalKey | FilePhysicalKey

const driveLetter = /^[A-Za-z]:[/\\]/

/**
 * The URL of a place, quoted as Python does it.
 * @throws {QuiltError} `invalid_input` when the bucket is not a bucket name, the path is not absolute, or a text holds
 *   half of a surrogate pair
 */
export function formatPhysicalKey(key: PhysicalKey): string {
  if (key.kind === 's3') {
    checkBucketName(key.bucket)
    const version = key.versionId === undefined ? '' : `?versionId=${quote(key.versionId).replaceAll('%20', '+')}`
    return `s3://${key.bucket}/${quotePath(key.key)}${version}`
  }
  if (driveLetter.test(key.path)) {
    return `file:///${key.path.slice(0, 2)}${quotePath(key.path.slice(2).replaceAll('\\', '/'))}`
  }
  if (!key.path.startsWith('/')) {
    throw new QuiltError('invalid_input', `${JSON.stringify(key.path)} is not an absolute path`, {
      hint: 'Give the whole path, from / or from a drive letter on.',
    })
  }
  return `file://${quotePath(key.path)}`
}

/**
 * Takes a physical key URL apart. A `#fragment` is dropped, as quilt3 does. A local path is not resolved through symlinks:
 * that needs a disk.
 * @throws {QuiltError} `invalid_input` for another scheme, no bucket, a query other than `versionId`, a foreign host,
 *   a relative path
 */
export function parsePhysicalKey(url: string): PhysicalKey {
  const match = /^(s3|file):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(url)
  if (match === null) {
    throw malformed(url, 'its scheme is neither s3 nor file', 'Write s3://bucket/key or file:///path.')
  }
  const [, scheme = '', host = '', path = '', query = ''] = match
  return scheme.toLowerCase() === 's3' ? parseS3(url, host, path, query) : parseFile(url, host, path, query)
}

function parseS3(url: string, bucket: string, path: string, query: string): S3PhysicalKey {
  if (bucket === '') throw malformed(url, 'it names no bucket', 'Write s3://bucket/key.')
  checkBucketName(bucket)
  const pairs = parseQuery(query)
  if (pairs.some(([name]) => name !== 'versionId')) {
    throw malformed(url, 'only versionId may follow the "?"', 'Write a "?" that belongs to the key as %3F.')
  }
  const versionId = pairs[0]?.[1]
  const key = unquote(path.slice(1))
  return versionId === undefined ? { kind: 's3', bucket, key } : { kind: 's3', bucket, key, versionId }
}

function parseFile(url: string, host: string, path: string, query: string): FilePhysicalKey {
  const hint = 'Write file:///absolute/path, with "?" as %3F.'
  if (host !== '' && host.toLowerCase() !== 'localhost') throw malformed(url, `it names the host ${host}`, hint)
  if (path === '') throw malformed(url, 'it names no absolute path', hint)
  if (query !== '') throw malformed(url, 'it has a query', hint)
  // An encoded colon belongs to a POSIX name: `/C%3A/x` is the path /C:/x.
  const onDrive = driveLetter.test(path.slice(1))
  return { kind: 'file', path: unquote(onDrive ? path.slice(1) : path) }
}

function malformed(url: string, reason: string, hint: string): QuiltError {
  return new QuiltError('invalid_input', `${JSON.stringify(url)} is not a physical key: ${reason}`, { hint })
}
