// A real stack with two tenants who must not see each other: ada works in lab-a, grace in lab-b; both may read `shared`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Stack, type StackOptions, startStack } from '@quilt-mcp/stack'
import type { Backend } from '../backend.js'
import { createHttpClient, type HttpClient } from '../http/client.js'
import { type PlatformOptions, platformBackend } from '../platform.js'

export interface World {
  readonly stack: Stack
  readonly http: HttpClient
  /** A backend with a new session token of that user. */
  backendOf(user: 'ada' | 'grace', options?: Partial<PlatformOptions>): Promise<Backend>
  close(): Promise<void>
}

/** A folder for a world that is started more than once. */
export function worldFolder(): string {
  return mkdtempSync(join(tmpdir(), 'quilt-backends-'))
}

/** Starts it in a folder of its own, which goes when it is closed, or in the given one, which stays. */
export async function startWorld(options: Partial<StackOptions> = {}): Promise<World> {
  const dataDir = options.dataDir ?? worldFolder()
  const stack = await startStack({ ...options, dataDir })
  const http = createHttpClient()
  const { admin } = stack
  admin.createBucket({ name: 'lab-a', title: 'Lab A', description: 'What lab A measures', browsable: true })
  admin.createBucket({ name: 'lab-b', title: 'Lab B' })
  admin.createBucket({ name: 'shared', title: 'Shared' })
  admin.createRole({ name: 'lab-a', permissions: { 'lab-a': 'READ_WRITE', shared: 'READ' } })
  admin.createRole({ name: 'lab-b', permissions: { 'lab-b': 'READ_WRITE', shared: 'READ' } })
  admin.createUser({ name: 'ada', email: 'ada@example.com', role: 'lab-a' })
  admin.createUser({ name: 'grace', email: 'grace@example.com', role: 'lab-b' })
  return {
    stack,
    http,
    async backendOf(user, more = {}) {
      const token = await admin.sessionToken(user)
      return platformBackend({ registryUrl: stack.registryUrl, s3Endpoint: stack.s3Endpoint, token, http, ...more })
    },
    async close() {
      await http.close()
      await stack.close()
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
