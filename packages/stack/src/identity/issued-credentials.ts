// AWS credentials that this stack issued. They act in the role they were issued for, also after the user switched to another.
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Db } from '../store/database.js'
import type { IssuedCredentials, Principal, RoleSession } from './principal.js'

interface FoundCredentials {
  readonly userId: string
  readonly roleName: string
  readonly credentials: IssuedCredentials
}

export interface IssuedCredentialsStore {
  issue(principal: Principal, seconds: number, session?: RoleSession): IssuedCredentials
  /** Also expired ones, for a day: their user is told so. */
  find(accessKeyId: string): FoundCredentials | undefined
}

const keptAfterExpiryMs = 24 * 3600 * 1000
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const roleSession = z.object({
  name: z.string(),
  sourceIdentity: z.string().exactOptional(),
  tags: z.record(z.string(), z.string()),
  transitiveTagKeys: z.array(z.string()),
})
const credentialsRow = z.object({
  access_key_id: z.string(),
  user: z.string(),
  role: z.string(),
  secret_access_key: z.string(),
  session_token: z.string(),
  expires: z.number(),
  session: z.string().nullable(),
})

export function openIssuedCredentials({
  db,
  now,
}: {
  readonly db: Db
  readonly now: () => Date
}): IssuedCredentialsStore {
  const insert = db.prepare('insert into identity_credentials values (?, ?, ?, ?, ?, ?, ?)')
  const find = db.prepare('select * from identity_credentials where access_key_id = ?')
  const removeExpired = db.prepare('delete from identity_credentials where expires <= ?')
  return {
    issue({ userId, roleName }, seconds, session) {
      const nowMs = now().getTime()
      const credentials: IssuedCredentials = {
        accessKeyId: `ASIA${[...randomBytes(16)].map((byte) => letters[byte % letters.length]).join('')}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(48).toString('base64'),
        expires: new Date(nowMs + seconds * 1000),
        ...(session !== undefined && { session }),
      }
      removeExpired.run(nowMs - keptAfterExpiryMs)
      insert.run(
        credentials.accessKeyId,
        userId,
        roleName,
        credentials.secretAccessKey,
        credentials.sessionToken,
        credentials.expires.getTime(),
        session === undefined ? null : JSON.stringify(session),
      )
      return credentials
    },
    find(accessKeyId) {
      const found = find.get(accessKeyId)
      if (found === undefined) return undefined
      const row = credentialsRow.parse(found)
      return {
        userId: row.user,
        roleName: row.role,
        credentials: {
          accessKeyId,
          secretAccessKey: row.secret_access_key,
          sessionToken: row.session_token,
          expires: new Date(row.expires),
          ...(row.session !== null && { session: roleSession.parse(JSON.parse(row.session)) }),
        },
      }
    },
  }
}
