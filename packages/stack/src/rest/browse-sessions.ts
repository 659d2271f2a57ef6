// Browsing sessions: the right to read the files of one revision under a URL of its own, for a short time (formats.md 6.4).
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Db } from '../store/database.js'

/** The one revision a session is over. */
interface BrowseScope {
  readonly bucket: string
  readonly name: string
  /** All 64 digits. */
  readonly topHash: string
}

export interface BrowseSession extends BrowseScope {
  readonly id: string
  readonly ownerUserId: string
  readonly expires: Date
}

/** Why a session cannot be changed: it is unknown or expired, or another's. */
export type BrowseSessionRefusal = 'not_found' | 'owner_mismatch'

export interface BrowseSessions {
  create(ownerUserId: string, scope: BrowseScope, ttlSeconds: number): { readonly id: string; readonly expires: Date }
  /** Lets it live for another `ttlSeconds` from now. */
  refresh(
    id: string,
    ownerUserId: string,
    ttlSeconds: number,
  ): { readonly id: string; readonly expires: Date } | BrowseSessionRefusal
  dispose(id: string, ownerUserId: string): 'disposed' | BrowseSessionRefusal
  /** A live session. */
  find(id: string): BrowseSession | undefined
}

export interface BrowseSessionsDeps {
  readonly db: Db
  readonly now?: () => Date
}

const sessionRow = z
  .object({
    id: z.string(),
    owner: z.string(),
    bucket: z.string(),
    name: z.string(),
    top_hash: z.string(),
    expires: z.number(),
  })
  .transform(
    ({ id, owner, bucket, name, top_hash, expires }): BrowseSession => ({
      id,
      ownerUserId: owner,
      bucket,
      name,
      topHash: top_hash,
      expires: new Date(expires),
    }),
  )

/** Opens the sessions of a stack; their table is created when missing. */
export function openBrowseSessions({ db, now = () => new Date() }: BrowseSessionsDeps): BrowseSessions {
  db.exec(`
create table if not exists browse_sessions (
  id text primary key,
  owner text not null,
  bucket text not null,
  name text not null,
  top_hash text not null,
  expires integer not null
) without rowid`)
  const insert = db.prepare('insert into browse_sessions values (?, ?, ?, ?, ?, ?)')
  const select = db.prepare('select * from browse_sessions where id = ? and expires > ?')
  const extend = db.prepare('update browse_sessions set expires = ? where id = ?')
  const remove = db.prepare('delete from browse_sessions where id = ?')
  const removeExpired = db.prepare('delete from browse_sessions where expires <= ?')

  const after = (seconds: number): Date => new Date(now().getTime() + seconds * 1000)
  const find = (id: string): BrowseSession | undefined => {
    const row = select.get(id, now().getTime())
    return row === undefined ? undefined : sessionRow.parse(row)
  }
  const refusal = (id: string, userId: string): BrowseSessionRefusal | undefined => {
    const session = find(id)
    if (session === undefined) return 'not_found'
    return session.ownerUserId === userId ? undefined : 'owner_mismatch'
  }

  return {
    find,
    create(ownerUserId, { bucket, name, topHash }, ttlSeconds) {
      const id = randomUUID()
      const expires = after(ttlSeconds)
      removeExpired.run(now().getTime())
      insert.run(id, ownerUserId, bucket, name, topHash, expires.getTime())
      return { id, expires }
    },
    refresh(id, userId, ttlSeconds) {
      const refused = refusal(id, userId)
      if (refused !== undefined) return refused
      const expires = after(ttlSeconds)
      extend.run(expires.getTime(), id)
      return { id, expires }
    },
    dispose(id, userId) {
      const refused = refusal(id, userId)
      if (refused !== undefined) return refused
      remove.run(id)
      return 'disposed'
    },
  }
}
