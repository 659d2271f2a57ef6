import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backend } from '../../backend.js'
import { iamBackend } from '../../iam.js'
import { issuedKeys } from '../issued-keys.js'
import type { World } from '../world.js'
import type { ContractWorld } from './contract-world.js'
import { stackWorld } from './stack-world.js'

/** The iam backend on the embedded stack's S3 and STS: two machines, each with a profile in its AWS settings. No registry is told. */
export async function iamWorld(): Promise<ContractWorld> {
  const { world, part } = await stackWorld()
  const homes = mkdtempSync(join(tmpdir(), 'quilt-contract-homes-'))
  return {
    ...part,
    backend: await withProfile(world, { user: 'ada', bucket: part.bucket, homes }),
    reader: await withProfile(world, { user: 'grace', bucket: part.bucket, homes }),
    identity: {
      backend: 'iam',
      user: { name: 'ada' },
      role: 'lab-a',
      region: 'us-east-1',
      objectAccess: 'credentials',
    },
    async close() {
      await part.close()
      rmSync(homes, { recursive: true, force: true })
    },
  }
}

interface Machine {
  readonly user: string
  readonly bucket: string
  readonly homes: string
}

async function withProfile(world: World, { user, bucket, homes }: Machine): Promise<Backend> {
  const { accessKeyId, secretAccessKey, sessionToken = '' } = await issuedKeys(world, user)
  const homeDir = join(homes, user)
  const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\naws_session_token = ${sessionToken}`
  mkdirSync(join(homeDir, '.aws'), { recursive: true })
  writeFileSync(join(homeDir, '.aws/credentials'), `[lab]\n${keys}\n`)
  writeFileSync(join(homeDir, '.aws/config'), `[profile lab]\nendpoint_url = ${world.stack.s3Endpoint}\n`)
  const env = { HOME: homeDir, AWS_PROFILE: 'lab', AWS_EC2_METADATA_DISABLED: 'true' }
  // The AWS SDK itself looks at the process.
  const before = { ...process.env }
  Object.assign(process.env, env)
  try {
    const backend = await iamBackend({
      env,
      homeDir,
      http: world.http,
      buckets: [bucket],
      isInstance: async () => false,
    })
    await backend.identity()
    return backend
  } finally {
    for (const name of Object.keys(env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
}
