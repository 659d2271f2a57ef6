// The deployment `embedded`: a stack with sample data inside this process, and the platform backend of its first user.
import { join } from 'node:path'
import { type Backend, type HttpClient, platformBackend, type Surroundings } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { dataFolder } from '../config/user-folders.js'
import { openDemoStack } from './demo/demo-stack.js'

/** Starts the stack; closing the backend closes it, too.
 * @throws {QuiltError} `conflict` when another process has it open */
export async function embeddedBackend({
  surroundings,
  http,
}: {
  readonly surroundings: Surroundings
  readonly http: HttpClient
}): Promise<Backend> {
  const folder = join(dataFolder(surroundings), 'embedded')
  const { stack, users } = await openDemoStack({ folder, registryPort: 0, s3Port: 0, say: () => {} })
  const [first] = Object.entries(users)
  if (first === undefined) throw new QuiltError('internal', 'the embedded stack has no users')
  const [user, { token }] = first
  const { registryUrl, s3Endpoint } = stack
  const backend = platformBackend({
    registryUrl,
    s3Endpoint,
    token,
    http,
    trace: [
      {
        looked: 'QUILT_DEPLOYMENT',
        outcome: 'found',
        explanation: `embedded: a stack inside this process, its data in ${folder}.`,
      },
      { looked: 'platform', outcome: 'chosen', explanation: `The embedded stack serves, as its user ${user}.` },
    ],
  })
  return {
    ...backend,
    async close() {
      await backend.close()
      await stack.close()
    },
  }
}
