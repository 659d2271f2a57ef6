// The demo's tokens and passwords. Kept, so that a client configured once still works after the next start.
import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StackAdmin } from '@quilt-mcp/stack'
import { z } from 'zod'
import type { DemoUser } from './announcement.js'
import { tenants } from './catalogue.js'

const daysOfAKey = 365
/** A key is renewed at the first start after this many days. */
const renewedAfterDays = 300

const storedSchema = z.object({
  users: z.record(z.string(), z.object({ token: z.string(), password: z.string(), createdAtMs: z.number() })),
  /** Whether the sample packages are all there. */
  seeded: z.boolean(),
})
export type DemoState = z.infer<typeof storedSchema>

const fileOf = (dataDir: string) => join(dataDir, 'demo.json')

/** What an earlier start left; undefined when there was none. */
export async function readState(dataDir: string): Promise<DemoState | undefined> {
  try {
    return storedSchema.parse(JSON.parse(await readFile(fileOf(dataDir), 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

export async function writeState(dataDir: string, state: DemoState): Promise<void> {
  const file = fileOf(dataDir)
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** Puts the two tenants into the stack and returns how each signs in. Idempotent. */
export async function ensureUsers(
  dataDir: string,
  admin: StackAdmin,
): Promise<{ readonly state: DemoState; readonly users: Readonly<Record<string, DemoUser>> }> {
  const before = await readState(dataDir)
  const kept: DemoState['users'] = {}
  const users: Record<string, DemoUser> = {}
  for (const { user, email, role, bucket, title, description } of tenants) {
    const known = before?.users[user]
    const password = known?.password ?? randomBytes(6).toString('hex')
    admin.createBucket({ name: bucket, title, description, browsable: true })
    admin.createRole({ name: role, permissions: { [bucket]: 'READ_WRITE' } })
    admin.createUser({ name: user, email, password, role })
    const fresh = known !== undefined && Date.now() - known.createdAtMs < renewedAfterDays * 86_400_000
    const token = fresh ? known.token : admin.apiKey(user, { name: 'demo', days: daysOfAKey })
    kept[user] = { token, password, createdAtMs: fresh ? known.createdAtMs : Date.now() }
    users[user] = { token, password, role, bucket }
  }
  const state = { users: kept, seeded: before?.seeded ?? false }
  await writeState(dataDir, state)
  return { state, users }
}
