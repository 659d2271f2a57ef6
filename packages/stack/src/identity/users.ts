// Users, roles, and what the roles may do.
import { randomUUID } from 'node:crypto'
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import type { Db } from '../store/database.js'
import { hashPassword } from './password.js'
import type { PermissionLevel, Principal } from './principal.js'

export interface RoleInput {
  readonly name: string
  /** Bucket name to level: one managed policy. */
  readonly permissions: Readonly<Record<string, PermissionLevel>>
}

export interface UserInput {
  readonly name: string
  readonly email: string
  /** Absent: the user cannot sign in by password, or keeps the one there is. */
  readonly password?: string | undefined
  readonly role: string
  readonly extraRoles?: readonly string[] | undefined
  /** Default false. */
  readonly isAdmin?: boolean | undefined
}

interface User {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly passwordHash?: string
  readonly isAdmin: boolean
  readonly activeRole: string
}

export interface Users {
  putRole(input: RoleInput): void
  /** @throws {QuiltError} `not_found` for an unknown role */
  putUser(input: UserInput): void
  byName(userName: string): User | undefined
  /** The user's own role first. */
  rolesOf(userId: string): readonly string[]
  /** Makes a role the active one. @returns false when the user does not have it */
  activate(userId: string, roleName: string): boolean
  /** A user in the active role, or in another one that is the user's. */
  principal(userId: string, roleName?: string): Principal | undefined
}

const userRow = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    password_hash: z.string().nullable(),
    is_admin: z.number(),
    active_role: z.string(),
  })
  .transform(
    ({ id, name, email, password_hash, is_admin, active_role }): User => ({
      id,
      name,
      email,
      ...(password_hash !== null && { passwordHash: password_hash }),
      isAdmin: is_admin === 1,
      activeRole: active_role,
    }),
  )
const roleRow = z.object({ role: z.string() })
const permissionRow = z.object({ bucket: z.string(), level: z.enum(['READ', 'READ_WRITE']) })

export function openUsers(db: Db): Users {
  const insertRole = db.prepare('insert or ignore into identity_roles values (?)')
  const findRole = db.prepare('select name from identity_roles where name = ?')
  const forgetPermissions = db.prepare('delete from identity_permissions where role = ?')
  const insertPermission = db.prepare('insert into identity_permissions values (?, ?, ?)')
  const permissionsOf = db.prepare('select bucket, level from identity_permissions where role = ? order by bucket')
  const upsertUser = db.prepare(
    `insert into identity_users values (?, ?, ?, ?, ?, ?) on conflict (name) do update
     set email = excluded.email, password_hash = coalesce(excluded.password_hash, password_hash),
         is_admin = excluded.is_admin, active_role = excluded.active_role`,
  )
  const findByName = db.prepare('select * from identity_users where name = ?')
  const findById = db.prepare('select * from identity_users where id = ?')
  const setActiveRole = db.prepare('update identity_users set active_role = ? where id = ?')
  const userRoles = db.prepare('select role from identity_user_roles where user = ? order by position')
  const forgetUserRoles = db.prepare('delete from identity_user_roles where user = ?')
  const insertUserRole = db.prepare('insert into identity_user_roles values (?, ?, ?)')

  const byName = (userName: string): User | undefined => {
    const row = findByName.get(userName)
    return row === undefined ? undefined : userRow.parse(row)
  }
  const rolesOf = (userId: string): readonly string[] => userRoles.all(userId).map((row) => roleRow.parse(row).role)

  return {
    byName,
    rolesOf,
    putRole: ({ name, permissions }) =>
      db.transaction(() => {
        insertRole.run(name)
        forgetPermissions.run(name)
        for (const [bucket, level] of Object.entries(permissions)) insertPermission.run(name, bucket, level)
      })(),
    putUser({ name, email, password, role, extraRoles = [], isAdmin = false }) {
      const roles = [...new Set([role, ...extraRoles])]
      const unknown = roles.filter((roleName) => findRole.get(roleName) === undefined)
      if (unknown.length > 0)
        throw new QuiltError('not_found', `there is no role ${unknown.join(', ')}`, { hint: 'Create the role first.' })
      const passwordHash = password === undefined ? null : hashPassword(password)
      db.transaction(() => {
        const known = byName(name)
        const userId = known?.id ?? randomUUID()
        const activeRole = known !== undefined && roles.includes(known.activeRole) ? known.activeRole : role
        upsertUser.run(userId, name, email, passwordHash, isAdmin ? 1 : 0, activeRole)
        forgetUserRoles.run(userId)
        for (const [position, roleName] of roles.entries()) insertUserRole.run(userId, roleName, position)
      })()
    },
    activate(userId, roleName) {
      if (!rolesOf(userId).includes(roleName)) return false
      setActiveRole.run(roleName, userId)
      return true
    },
    principal(userId, wantedRole) {
      const row = findById.get(userId)
      if (row === undefined) return undefined
      const { name, email, isAdmin, activeRole } = userRow.parse(row)
      const roleName = wantedRole ?? activeRole
      if (!rolesOf(userId).includes(roleName)) return undefined
      const permissions = permissionsOf.all(roleName).map((found) => permissionRow.parse(found))
      return {
        userId,
        userName: name,
        email,
        isAdmin,
        roleName,
        permissions: new Map(permissions.map(({ bucket, level }) => [bucket, level])),
      }
    },
  }
}
