// What a role may do with a bucket. One place, asked by GraphQL, REST and browse; the S3 face says the same in its own words.
import type { PermissionLevel, Principal } from './principal.js'

/** Whether the active role reaches a bucket at this level. READ_WRITE includes READ. */
export function mayAccess(principal: Principal, bucket: string, needed: PermissionLevel): boolean {
  const level = principal.permissions.get(bucket)
  return level === 'READ_WRITE' || (level === 'READ' && needed === 'READ')
}

/** Whether the bucket exists for this caller at all: the role has some permission on it. */
export const canSee = (principal: Principal, bucket: string): boolean => principal.permissions.has(bucket)
