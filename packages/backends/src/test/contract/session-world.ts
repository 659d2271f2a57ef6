import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backend } from '../../backend.js'
import { findSession } from '../../credentials/find-session.js'
import { logIn, loginTarget } from '../../credentials/login.js'
import { sessionBackend } from '../../session.js'
import type { World } from '../world.js'
import type { ContractWorld } from './contract-world.js'
import { stackWorld } from './stack-world.js'

/** The session backend on the embedded stack: two users, each signed in in a home folder of their own. */
export async function sessionWorld(): Promise<ContractWorld> {
  const { world, part } = await stackWorld()
  const homes = mkdtempSync(join(tmpdir(), 'quilt-contract-homes-'))
  const { registryUrl } = world.stack
  return {
    ...part,
    backend: await signedIn(world, 'ada', homes),
    reader: await signedIn(world, 'grace', homes),
    identity: {
      backend: 'session',
      user: { name: 'ada', email: 'ada@example.com', isAdmin: false },
      role: 'lab-a',
      roles: ['lab-a'],
      catalogUrl: registryUrl,
      registryUrl,
      region: 'us-east-1',
      stackVersion: '0.1.0',
      objectAccess: 'credentials',
    },
    async close() {
      await part.close()
      rmSync(homes, { recursive: true, force: true })
    },
  }
}

async function signedIn({ stack, http }: World, user: string, homes: string): Promise<Backend> {
  const home = { env: {}, homeDir: join(homes, user), platform: 'linux' as const }
  const target = await loginTarget({ ...home, catalog: stack.registryUrl, http })
  await logIn(stack.admin.refreshToken(user), { target, http })
  const { session } = await findSession({ ...home, http })
  if (session === undefined) throw new Error(`${user} is not signed in`)
  return sessionBackend({ session, s3Endpoint: stack.s3Endpoint, http })
}
