// A store in a temporary folder and its S3 app on a loopback port, with users that live in memory.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from '@aws-sdk/client-s3'
import { serve } from '@hono/node-server'
import type { Authenticator, IssuedCredentials, PermissionLevel, Principal } from '../../identity/principal.js'
import { openDatabase } from '../../store/database.js'
import { openDiskStore } from '../../store/disk-store.js'
import type { ObjectStore } from '../../store/object-store.js'
import { createS3App } from '../app.js'

export interface Loopback {
  readonly endpoint: string
  readonly store: ObjectStore
  readonly authenticator: Authenticator
  /** Failures that were no fault of a client. */
  readonly defects: readonly unknown[]
  /** Credentials of a user in one of its roles. */
  credentials(userName: string, options?: { readonly role?: string; readonly seconds?: number }): IssuedCredentials
  client(credentials: IssuedCredentials): S3Client
  /** Statuses of all requests so far, once they are answered. */
  statuses(): Promise<readonly number[]>
  /** Takes the second half of the largest stored file away. */
  damage(): void
  close(): Promise<void>
}

/** What a role may do: bucket to level. */
type Roles = Readonly<Record<string, Readonly<Record<string, PermissionLevel>>>>

/** Starts it. @param users names to the roles they have, the first one is theirs; a user called `admin` is one */
export async function startLoopback({
  buckets,
  roles,
  users,
}: {
  readonly buckets: readonly string[]
  readonly roles: Roles
  readonly users: Readonly<Record<string, readonly string[]>>
}): Promise<Loopback> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quilt-s3-'))
  const db = openDatabase(join(dataDir, 'stack.db'))
  const store = openDiskStore({ db, dataDir })
  for (const bucket of buckets) store.createBucket(bucket)
  const authenticator = inMemoryAuthenticator(roles, users)
  const defects: unknown[] = []
  const app = createS3App({ store, authenticator, onDefect: (error) => defects.push(error) })
  const answers: Promise<Response>[] = []
  const counted: typeof app.fetch = (request, env) => {
    const answer = app.fetch(request, env)
    answers.push(answer)
    return answer
  }
  const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>((resolve) => {
    const started = serve({ fetch: counted, port: 0, hostname: '127.0.0.1' }, (info) =>
      resolve({ server: started, port: info.port }),
    )
  })
  const endpoint = `http://127.0.0.1:${port}`
  return {
    endpoint,
    store,
    authenticator,
    defects,
    credentials(userName, { role, seconds = 3600 } = {}) {
      const roleName = role ?? users[userName]?.[0] ?? ''
      return authenticator.issueCredentials(principalOf(userName, roleName, roles), seconds)
    },
    client: (credentials) =>
      new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials, maxAttempts: 1 }),
    statuses: async () => (await Promise.all(answers)).map((answer) => answer.status),
    damage() {
      const [largest] = filesIn(join(dataDir, 'objects')).sort((a, b) => b.size - a.size)
      if (largest !== undefined) truncateSync(largest.path, Math.floor(largest.size / 2))
    },
    async close() {
      await new Promise((resolve) => server.close(resolve))
      store.close()
      db.close()
      rmSync(dataDir, { recursive: true })
    },
  }
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .map((path) => ({ path, size: statSync(path).size }))

function inMemoryAuthenticator(roles: Roles, users: Readonly<Record<string, readonly string[]>>): Authenticator {
  const issued = new Map<string, { principal: Principal; credentials: IssuedCredentials }>()
  return {
    byBearer: () => Promise.resolve(undefined),
    byAccessKeyId: (accessKeyId) => issued.get(accessKeyId),
    issueCredentials(principal, seconds, session) {
      const credentials: IssuedCredentials = {
        accessKeyId: `ASIA${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`,
        secretAccessKey: randomUUID(),
        sessionToken: `${randomUUID()}+/=${randomUUID()}`,
        expires: new Date(Date.now() + seconds * 1000),
        ...(session !== undefined && { session }),
      }
      issued.set(credentials.accessKeyId, { principal, credentials })
      return credentials
    },
    assumeRole: ({ userName }, roleName) =>
      users[userName]?.includes(roleName) === true ? principalOf(userName, roleName, roles) : undefined,
  }
}

const principalOf = (userName: string, roleName: string, roles: Roles): Principal => ({
  userId: `id-${userName}`,
  userName,
  email: `${userName}@example.com`,
  isAdmin: userName === 'admin',
  roleName,
  permissions: new Map(Object.entries(roles[roleName] ?? {})),
})
