// All that a stack knows of its users: who they are, what their roles may do, and the tokens, keys and credentials they hold.
import { randomBytes } from 'node:crypto'
import type { Db } from '../store/database.js'
import { type ApiKey, type ApiKeyOptions, openApiKeys } from './api-keys.js'
import { type BucketRecords, openBucketRecords } from './buckets.js'
import { openIssuedCredentials } from './issued-credentials.js'
import { verifyPassword } from './password.js'
import type { Authenticator, Principal } from './principal.js'
import { openRefreshTokens } from './refresh-tokens.js'
import { openSessions, type SessionToken } from './sessions.js'
import { createIdentityTables } from './tables.js'
import { openUsers, type RoleInput, type UserInput } from './users.js'

export interface IdentityStore extends Authenticator, BucketRecords {
  /** A user in the active role. Undefined when there is no such user. */
  principalOf(userId: string): Principal | undefined
  /** A user by name, in the active role. */
  principalByName(userName: string): Principal | undefined
  /** Creates a role with these permissions, or sets them anew. */
  putRole(input: RoleInput): void
  /** Creates a user, or sets email, roles and what else is given anew. The active role stays while the user still has it.
   * @throws {QuiltError} `not_found` for an unknown role */
  putUser(input: UserInput): void
  /** Names of the roles the user has, the user's own one first. */
  rolesOf(userId: string): readonly string[]
  /** Makes another role of the user the active one, for all that the user holds. Undefined when it is not the user's. */
  switchRole(userId: string, roleName: string): Principal | undefined
  /** The user when the password is right. */
  byPassword(userName: string, password: string): Promise<Principal | undefined>

  /** The secret (`qk_...`) is kept nowhere: this is the only time it is seen. */
  createApiKey(userId: string, options: ApiKeyOptions): { readonly key: ApiKey; readonly secret: string }
  /** The newest first. */
  apiKeys(userId: string): readonly ApiKey[]
  /** @returns whether the user had such a key */
  revokeApiKey(userId: string, key: { readonly id?: string; readonly secret?: string }): boolean

  /** A new catalog session. */
  createSession(userId: string, seconds?: number): Promise<SessionToken>
  /** Ends the session of a token. Undefined tokens and API keys are left alone. */
  endSession(token: string): Promise<void>
  /** A new refresh token: the code that the login page shows. */
  createRefreshToken(userId: string): string
  /** Uses a refresh token up. Undefined when it is unknown, used or expired. */
  exchangeRefreshToken(
    token: string,
  ): Promise<{ readonly refreshToken: string; readonly session: SessionToken } | undefined>
}

export interface IdentityDeps {
  readonly db: Db
  /** Signs session tokens, 32 bytes. Default: a random one, sessions end with the process. */
  readonly sessionSecret?: Uint8Array | undefined
  readonly now?: () => Date
}

/** Opens the identities in a stack's database; tables are created when missing. */
export function openIdentity({
  db,
  sessionSecret = randomBytes(32),
  now = () => new Date(),
}: IdentityDeps): IdentityStore {
  createIdentityTables(db)
  const users = openUsers(db)
  const keys = openApiKeys({ db, now })
  const sessions = openSessions({ db, secret: sessionSecret, now })
  const refreshTokens = openRefreshTokens({ db, now })
  const issued = openIssuedCredentials({ db, now })
  const principalOf = (userId: string | undefined): Principal | undefined =>
    userId === undefined ? undefined : users.principal(userId)

  return {
    ...openBucketRecords(db),
    principalOf,
    principalByName: (userName) => principalOf(users.byName(userName)?.id),
    putRole: users.putRole,
    putUser: users.putUser,
    rolesOf: users.rolesOf,
    switchRole: (userId, roleName) => (users.activate(userId, roleName) ? principalOf(userId) : undefined),
    async byPassword(userName, password) {
      const user = users.byName(userName)
      return (await verifyPassword(password, user?.passwordHash)) ? principalOf(user?.id) : undefined
    },

    createApiKey: (userId, options) => keys.create(userId, options),
    apiKeys: keys.list,
    revokeApiKey: keys.revoke,

    createSession: sessions.create,
    endSession: sessions.end,
    createRefreshToken: refreshTokens.create,
    async exchangeRefreshToken(token) {
      const next = refreshTokens.rotate(token)
      if (next === undefined) return undefined
      return { refreshToken: next.token, session: await sessions.create(next.userId) }
    },

    byBearer: async (token) => principalOf(token.startsWith('qk_') ? keys.owner(token) : await sessions.owner(token)),
    byAccessKeyId(accessKeyId) {
      const found = issued.find(accessKeyId)
      const principal = found && users.principal(found.userId, found.roleName)
      return found && principal && { principal, credentials: found.credentials }
    },
    issueCredentials: issued.issue,
    assumeRole: ({ userId }, roleName) => users.principal(userId, roleName),
  }
}
