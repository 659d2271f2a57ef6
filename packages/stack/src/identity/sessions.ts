// Catalog sessions: JWTs (HS256) with `id`, `uuid` and `exp` only. The row of the uuid is what makes one live: a session ends when it goes.
import { randomUUID } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Db } from '../store/database.js'

export interface SessionToken {
  readonly token: string
  /** Seconds since 1970. */
  readonly exp: number
}

export interface Sessions {
  /** @param seconds how long it lives. Default: a day */
  create(userId: string, seconds?: number): Promise<SessionToken>
  /** Id of the user of a live session. */
  owner(token: string): Promise<string | undefined>
  end(token: string): Promise<void>
}

export interface SessionDeps {
  readonly db: Db
  readonly secret: Uint8Array
  readonly now: () => Date
}

const defaultSeconds = 24 * 3600
const claims = z.object({ id: z.string(), uuid: z.string(), exp: z.number() })
const sessionRow = z.object({ user: z.string() })

export function openSessions({ db, secret, now }: SessionDeps): Sessions {
  const insert = db.prepare('insert into identity_sessions values (?, ?, ?)')
  const find = db.prepare('select user from identity_sessions where uuid = ? and user = ?')
  const remove = db.prepare('delete from identity_sessions where uuid = ?')
  const removeExpired = db.prepare('delete from identity_sessions where expires <= ?')

  /** What a good token says; undefined for any other. */
  const read = async (token: string): Promise<z.infer<typeof claims> | undefined> => {
    try {
      const { payload } = await jwtVerify(token, secret, { algorithms: ['HS256'], currentDate: now() })
      return claims.safeParse(payload).data
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }

  return {
    async create(userId, seconds = defaultSeconds) {
      const uuid = randomUUID()
      const exp = Math.floor(now().getTime() / 1000) + seconds
      const token = await new SignJWT({ id: userId, uuid, exp })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .sign(secret)
      removeExpired.run(now().getTime())
      insert.run(uuid, userId, exp * 1000)
      return { token, exp }
    },
    async owner(token) {
      const said = await read(token)
      if (said === undefined) return undefined
      const row = find.get(said.uuid, said.id)
      return row === undefined ? undefined : sessionRow.parse(row).user
    },
    async end(token) {
      const said = await read(token)
      if (said !== undefined) remove.run(said.uuid)
    },
  }
}
