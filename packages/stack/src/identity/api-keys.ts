// API keys: a bearer token that acts as its owner, in the owner's active role (formats.md 5.6). Only a hash is kept.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Db } from '../store/database.js'
import { newSecret, secretHash } from './secret-hash.js'

export interface ApiKey {
  readonly id: string
  readonly name: string
  /** The ends of the secret: `qk_abc…xyz`. */
  readonly fingerprint: string
  readonly createdAt: Date
  readonly expiresAt: Date
  /** To the minute. Absent: never used. */
  readonly lastUsedAt?: Date
  readonly userEmail: string
  readonly status: 'ACTIVE' | 'EXPIRED'
}

export interface ApiKeyOptions {
  readonly name: string
  /** How long it lives. */
  readonly days: number
}

export interface ApiKeys {
  create(userId: string, options: ApiKeyOptions): { readonly key: ApiKey; readonly secret: string }
  /** The newest first. */
  list(userId: string): readonly ApiKey[]
  revoke(userId: string, key: { readonly id?: string; readonly secret?: string }): boolean
  /** Id of the owner of a live key; notes that it was used. */
  owner(secret: string): string | undefined
}

const dayMs = 24 * 3600 * 1000
/** A use is noted at most this often: each note is a write that waits for the disk. */
const noteUseEveryMs = 60_000

const keyRow = z.object({
  id: z.string(),
  user: z.string(),
  name: z.string(),
  fingerprint: z.string(),
  created: z.number(),
  expires: z.number(),
  last_used: z.number().nullable(),
})
const keyWithEmail = keyRow.extend({ email: z.string() })

export function openApiKeys({ db, now }: { readonly db: Db; readonly now: () => Date }): ApiKeys {
  const insert = db.prepare('insert into identity_api_keys values (?, ?, ?, ?, ?, ?, ?, null)')
  const keysOf = db.prepare(
    `select k.*, u.email from identity_api_keys k join identity_users u on u.id = k.user
     where k.user = ? order by k.created desc, k.id`,
  )
  const byHash = db.prepare('select * from identity_api_keys where secret_hash = ?')
  const noteUse = db.prepare('update identity_api_keys set last_used = ? where id = ?')
  const removeById = db.prepare('delete from identity_api_keys where user = ? and id = ?')
  const removeByHash = db.prepare('delete from identity_api_keys where user = ? and secret_hash = ?')

  const list = (userId: string): readonly ApiKey[] => keysOf.all(userId).map((row) => shown(keyWithEmail.parse(row)))
  const shown = ({
    id,
    name,
    fingerprint,
    created,
    expires,
    last_used,
    email,
  }: z.infer<typeof keyWithEmail>): ApiKey => ({
    id,
    name,
    fingerprint,
    createdAt: new Date(created),
    expiresAt: new Date(expires),
    ...(last_used !== null && { lastUsedAt: new Date(last_used) }),
    userEmail: email,
    status: expires > now().getTime() ? 'ACTIVE' : 'EXPIRED',
  })

  return {
    list,
    create(userId, { name, days }) {
      const id = randomUUID()
      const secret = `qk_${newSecret()}`
      const created = now().getTime()
      const fingerprint = `${secret.slice(0, 6)}…${secret.slice(-3)}`
      insert.run(id, userId, name, secretHash(secret), fingerprint, created, created + days * dayMs)
      const key = list(userId).find((made) => made.id === id)
      if (key === undefined) throw new Error(`no user ${userId} to own a key`)
      return { key, secret }
    },
    revoke: (userId, { id, secret }) =>
      (id !== undefined && removeById.run(userId, id).changes > 0) ||
      (secret !== undefined && removeByHash.run(userId, secretHash(secret)).changes > 0),
    owner(secret) {
      const row = byHash.get(secretHash(secret))
      if (row === undefined) return undefined
      const { id, user, expires, last_used } = keyRow.parse(row)
      const nowMs = now().getTime()
      if (expires <= nowMs) return undefined
      if (nowMs - (last_used ?? 0) >= noteUseEveryMs) noteUse.run(nowMs, id)
      return user
    },
  }
}
