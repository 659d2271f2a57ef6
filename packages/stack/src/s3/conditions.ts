// Conditional requests (RFC 9110 section 13), as S3 answers them.
import type { StoredVersion, WriteConditions } from '../store/object-store.js'
import { quotedEtag, unquoted } from './call.js'
import { S3Error } from './errors.js'

type Header = (name: string) => string | undefined

/** Whether a read has nothing new for the client (304).
 * @param named the conditions' headers begin with this: '' or `x-amz-copy-source-`
 * @throws {S3Error} `PreconditionFailed` */
export function notModified(version: StoredVersion, header: Header, named = ''): boolean {
  const ifMatch = header(`${named}if-match`)
  const unmodifiedSince = dateOf(header(`${named}if-unmodified-since`))
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, version)) throw preconditionFailed()
  } else if (unmodifiedSince !== undefined && secondsOf(version) > unmodifiedSince) throw preconditionFailed()
  const ifNoneMatch = header(`${named}if-none-match`)
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, version)
  const modifiedSince = dateOf(header(`${named}if-modified-since`))
  return modifiedSince !== undefined && secondsOf(version) <= modifiedSince
}

/** The conditions of a write. @throws {S3Error} `NotImplemented` for an If-None-Match other than `*` */
export function writeConditions(header: Header): WriteConditions {
  const ifNoneMatch = header('if-none-match')
  const ifMatch = header('if-match')
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw new S3Error(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented: If-None-Match',
    )
  return { ...(ifNoneMatch === '*' && { ifNoneMatch }), ...(ifMatch !== undefined && { ifMatch: unquoted(ifMatch) }) }
}

export const preconditionFailed = (): S3Error =>
  new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')

const matches = (condition: string, version: StoredVersion): boolean =>
  condition
    .split(',')
    .map((etag) => etag.trim())
    .some((etag) => etag === '*' || etag === quotedEtag(version) || etag === version.etag)

const secondsOf = (version: StoredVersion): number => Math.floor(version.modified.getTime() / 1000)

function dateOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000)
}
