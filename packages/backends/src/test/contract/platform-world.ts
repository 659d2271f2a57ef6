import type { ContractWorld } from './contract-world.js'
import { stackWorld } from './stack-world.js'

/** The platform backend on the embedded stack. */
export async function platformWorld(): Promise<ContractWorld> {
  const { world, part } = await stackWorld()
  const { registryUrl } = world.stack
  return {
    ...part,
    backend: await world.backendOf('ada'),
    reader: await world.backendOf('grace'),
    identity: {
      backend: 'platform',
      user: { name: 'ada', email: 'ada@example.com', isAdmin: false },
      role: 'lab-a',
      roles: ['lab-a'],
      catalogUrl: registryUrl,
      registryUrl,
      region: 'us-east-1',
      stackVersion: '0.1.0',
      objectAccess: 'credentials',
    },
  }
}
