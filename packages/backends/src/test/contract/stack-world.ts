// The embedded stack as the contract suite needs it: one bucket, ada who may write it, grace who may read it.
import { startWorld, type World } from '../world.js'
import { bucketPastBackend } from './bucket-past-backend.js'
import type { ContractWorld } from './contract-world.js'

const bucket = 'proven-equal'
const other = { bucket: 'proven-other', root: 's3://proven-other' }

export interface StackWorld {
  readonly world: World
  /** What is the same for every backend on the stack. */
  readonly part: Omit<ContractWorld, 'backend' | 'identity'>
}

/** Starts the stack with its users. */
export async function stackWorld(): Promise<StackWorld> {
  const world = await startWorld()
  const { admin } = world.stack
  admin.createBucket({ name: bucket, title: 'Proven equal', browsable: true })
  admin.createBucket({ name: other.bucket, title: 'Proven other', browsable: true })
  admin.createRole({
    name: 'lab-a',
    permissions: { [bucket]: 'READ_WRITE', [other.bucket]: 'READ_WRITE', shared: 'READ' },
  })
  admin.createRole({ name: 'lab-b', permissions: { [bucket]: 'READ', shared: 'READ' } })
  const past = await bucketPastBackend(world, { bucket, user: 'ada' })
  return { world, part: { bucket, root: `s3://${bucket}`, other, ...past, close: () => world.close() } }
}
