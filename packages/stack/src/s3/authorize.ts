// What the caller's role may do. READ: list, get, head, attributes. READ_WRITE: all else, too (design 2).
import type { PermissionLevel, Principal } from '../identity/principal.js'
import { accessDenied } from './errors.js'

/** @throws {S3Error} `AccessDenied` when the role does not reach so far; the same for a bucket that does not exist */
export function authorize(principal: Principal, bucket: string, needed: PermissionLevel): void {
  const level = principal.permissions.get(bucket)
  if (level === 'READ_WRITE' || (level === 'READ' && needed === 'READ')) return
  throw accessDenied(
    `User: ${principal.userName} with role ${principal.roleName} is not authorized to ${needed === 'READ' ? 'read' : 'write to'} this bucket`,
  )
}
