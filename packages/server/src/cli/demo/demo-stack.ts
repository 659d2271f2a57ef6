// A stack with two tenants and sample packages, in this process: what the demo serves, and what the deployment `embedded` uses.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Stack, startStack } from '@quilt-mcp/stack'
import type { DemoUser } from './announcement.js'
import { openDatasets } from './datasets.js'
import { seed } from './seed.js'
import { ensureUsers, writeState } from './stored-users.js'

export interface DemoStackOptions {
  /** Where everything is kept; what is there already is served again. */
  readonly folder: string
  /** 0 takes a free one. */
  readonly registryPort: number
  readonly s3Port: number
  /** Told what is made. */
  say(line: string): void
}

export interface DemoStack {
  readonly stack: Stack
  readonly users: Readonly<Record<string, DemoUser>>
}

/** Starts the stack and makes what is missing of its users and packages.
 * @throws {QuiltError} `conflict` when another process has the folder open, or a port is taken */
export async function openDemoStack({ folder, registryPort, s3Port, say }: DemoStackOptions): Promise<DemoStack> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const stack = await startStack({ dataDir: join(folder, 'stack'), registryPort, s3Port })
  try {
    const { state, users } = await ensureUsers(folder, stack.admin)
    if (!state.seeded) {
      await seed({ stack, users, datasets: await openDatasets(), say })
      await writeState(folder, { ...state, seeded: true })
    }
    return { stack, users }
  } catch (error) {
    await stack.close()
    throw error
  }
}
