// Refresh tokens: the long-lived code that quilt3 trades for sessions. Each use replaces it (formats.md 5.5).
import { z } from 'zod'
import type { Db } from '../store/database.js'
import { newSecret, secretHash } from './secret-hash.js'

export interface RefreshTokens {
  create(userId: string): string
  /** Uses a token up and makes the next one. Undefined when it is unknown, used or expired. */
  rotate(token: string): { readonly userId: string; readonly token: string } | undefined
}

const lifeMs = 90 * 24 * 3600 * 1000
const tokenRow = z.object({ user: z.string(), expires: z.number() })

export function openRefreshTokens({ db, now }: { readonly db: Db; readonly now: () => Date }): RefreshTokens {
  const insert = db.prepare('insert into identity_refresh_tokens values (?, ?, ?)')
  const find = db.prepare('select user, expires from identity_refresh_tokens where token_hash = ?')
  const remove = db.prepare('delete from identity_refresh_tokens where token_hash = ?')
  const create = (userId: string): string => {
    const token = newSecret()
    insert.run(secretHash(token), userId, now().getTime() + lifeMs)
    return token
  }
  return {
    create,
    rotate: (token) =>
      db.transaction(() => {
        const row = find.get(secretHash(token))
        if (row === undefined) return undefined
        const { user, expires } = tokenRow.parse(row)
        remove.run(secretHash(token))
        return expires > now().getTime() ? { userId: user, token: create(user) } : undefined
      })(),
  }
}
