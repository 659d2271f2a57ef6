// What a verified token lets its bearer do, where it says so at all (token claims, 4). IAM and the registry bound the rest.
import { QuiltError } from '@quilt-mcp/core'
import type { TokenClaims } from './claims/token-claims.js'

/** The rights that a token names. An absent list bounds nothing, an empty one allows nothing. */
export type Rights = Pick<TokenClaims, 'permissions' | 'buckets'>

/** Whether the token bounds anything. */
export const isBounded = ({ permissions, buckets }: Rights): boolean =>
  permissions !== undefined || buckets !== undefined

/** @param action an IAM action: `s3:GetObject`
 * @throws {QuiltError} `forbidden`, naming what is missing */
export function checkRight(rights: Rights, action: string, bucket: string): void {
  const missing = [
    ...(allowsAction(rights, action) ? [] : [`the permission ${action}`]),
    ...(allowsBucket(rights, bucket) ? [] : [`the bucket ${bucket}`]),
  ]
  if (missing.length === 0) return
  throw new QuiltError('forbidden', `your token does not list ${missing.join(' and ')}`, {
    hint: 'Ask who issues your tokens for it; catalog_status says who you are here.',
    details: { action, bucket, reason: 'token-rights' },
    nextTools: ['catalog_status', 'bucket_list'],
  })
}

/** Whether the token lists the bucket, or lists none. */
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
