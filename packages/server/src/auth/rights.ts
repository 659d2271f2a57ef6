// What a verified token lets its bearer do, where it says so at all (token claims, 4), and what a request leaves of that.
// IAM and the registry bound the rest.
import { QuiltError } from '@quilt-mcp/core'
import type { TokenClaims } from './claims/token-claims.js'

/** The rights that a token names. An absent list bounds nothing, an empty one allows nothing. */
export interface Rights extends Pick<TokenClaims, 'permissions' | 'buckets'> {
  /** Who bounds: for the refusal. Default: the token. */
  readonly setBy?: 'token' | 'request'
}

/** Whether anything is bounded. */
export const isBounded = ({ permissions, buckets }: Rights): boolean =>
  permissions !== undefined || buckets !== undefined

/** @param action an IAM action: `s3:GetObject`. Who may get objects may get their older versions too: s3:GetObjectVersion is
 *   not asked for separately.
 * @throws {QuiltError} `forbidden`, naming what is missing */
export function checkRight(rights: Rights, action: string, bucket: string): void {
  const lacksBucket = !allowsBucket(rights, bucket)
  const missing = [
    ...(allowsAction(rights, action) ? [] : [`the permission ${action}`]),
    ...(lacksBucket ? [`the bucket ${bucket}`] : []),
  ]
  if (missing.length === 0) return
  if (rights.setBy === 'request' && lacksBucket) throw outsideRequest({ bucket, buckets: rights.buckets ?? [] })
  throw new QuiltError('forbidden', `your token does not list ${missing.join(' and ')}`, {
    hint: 'Ask who issues your tokens for it; catalog_status says who you are here.',
    details: { action, bucket, reason: 'token-rights' },
    nextTools: ['catalog_status', 'bucket_list'],
  })
}

/** The refusal of a place that lies in no bucket: a list of buckets cannot cover it.
 * @param place what it is: `file:///data/a.csv` */
export const inNoBucket = (place: string): QuiltError =>
  new QuiltError('forbidden', `${JSON.stringify(place.slice(0, 200))} lies in no bucket`, {
    hint: 'Use what lies in the buckets that you may use; bucket_list names them.',
    details: { reason: 'no-bucket' },
    nextTools: ['bucket_list'],
  })

/** The refusal of a bucket that the request itself leaves out, whatever its token allows.
 * @param argument the argument that names it, where one does */
export const outsideRequest = ({
  bucket,
  buckets,
  argument,
}: {
  readonly bucket: string
  readonly buckets: readonly string[]
  readonly argument?: string
}): QuiltError =>
  new QuiltError('forbidden', `this request is narrowed to ${buckets.join(', ') || 'no bucket'}, not ${bucket}`, {
    hint: 'The URL of the connection (/b/<bucket>) or its header X-Quilt-Bucket says so, not your token: connect without it for other buckets.',
    details: { bucket, reason: 'request-narrowing', ...(argument !== undefined && { argument }) },
    nextTools: ['bucket_list'],
  })

/** Whether the bucket is listed, or none are. Names are compared as they are: S3 tells cases apart. */
export const allowsBucket = ({ buckets }: Rights, bucket: string): boolean =>
  buckets === undefined || buckets.includes(bucket)

/** `*` stands for any text, as in an IAM policy; actions are compared in any case. */
function allowsAction({ permissions }: Rights, action: string): boolean {
  if (permissions === undefined) return true
  const wanted = action.toLowerCase()
  return permissions.some((granted) => matches(granted.toLowerCase(), wanted))
}

function matches(pattern: string, action: string): boolean {
  const [first = '', ...others] = pattern.split('*')
  const last = others.pop()
  if (last === undefined) return pattern === action
  if (!action.startsWith(first) || !action.endsWith(last) || action.length < first.length + last.length) return false
  let at = first.length
  for (const part of others) {
    const found = action.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= action.length - last.length
}
