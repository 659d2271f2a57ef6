// The sample catalogue in a local registry and in an embedded stack, and the four backends that search it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backend, createHttpClient, type SelectOptions, selectBackend } from '@quilt-mcp/backends'
import { type Stack, startStack } from '@quilt-mcp/stack'
import { z } from 'zod'
import { plant } from '../canaries.js'
import { indexByColleague } from './colleague-index.js'
import { demoPackages } from './demo-packages.js'
import { planted } from './planted.js'
import { type RegistryFile, registryFiles } from './registry-files.js'
import { sampleObjects, samplePackages } from './sample-catalogue.js'
import { seedBucket, seedFolder } from './seeding.js'

export const backendNames = ['local', 'iam', 'platform', 'session'] as const
export type SearchedBackend = (typeof backendNames)[number]

export interface SearchWorld {
  readonly backends: Readonly<Record<SearchedBackend, Backend>>
  close(): Promise<void>
}

const bucket = 'lab-a'
/** What the IAM backend reads over S3: all that single queries look for, and every tenth of the others. The rest a colleague has indexed. */
const newNames: ReadonlySet<string> = new Set(
  [...planted, ...demoPackages, ...samplePackages.filter((_, index) => index % 10 === 0)].map(({ name }) => name),
)

/** Seeds both, and opens the backends; nothing is indexed yet. */
export async function aSearchWorld(): Promise<SearchWorld> {
  // In memory where there is such a folder: the stack syncs each of its 16,000 objects.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'quilt-search-'))
  const files = await allFiles()
  await seedFolder(join(folder, 'registry'), files)
  const stack = await seededStack(join(folder, 'stack'), files)
  const http = createHttpClient()
  const { registryUrl, s3Endpoint } = stack
  const keys = await awsKeys(stack)
  // The AWS SDK itself looks at the process.
  Object.assign(process.env, keys)
  const common = {
    http,
    searchFolder: join(folder, 'indexes'),
    surroundings: { env: keys, homeDir: join(folder, 'home'), platform: 'linux' },
  } satisfies SelectOptions
  const ofStack = { ...common, registryUrl, s3Endpoint }
  const token = plant('token', await stack.admin.sessionToken('ada'))
  const iam = await selectBackend({ ...common, s3Endpoint, backend: 'iam', registries: [`s3://${bucket}`] })
  const isNew = (name: string): boolean => newNames.has(name)
  await indexByColleague({ ...common, backend: iam, bucket, s3Endpoint, files, isNew })
  return {
    backends: {
      local: await selectBackend({ ...common, backend: 'local', localRegistry: join(folder, 'registry') }),
      iam,
      platform: await selectBackend({ ...ofStack, token, backend: 'platform' }),
      session: await selectBackend({ ...ofStack, token, backend: 'session' }),
    },
    async close() {
      for (const name of Object.keys(keys)) delete process.env[name]
      await http.close()
      await stack.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function allFiles(): Promise<readonly RegistryFile[]> {
  const files: RegistryFile[] = sampleObjects.map(({ key, text }) => ({ key, bytes: Buffer.from(text) }))
  for await (const file of registryFiles(samplePackages)) files.push(file)
  return files
}

async function seededStack(dataDir: string, files: readonly RegistryFile[]): Promise<Stack> {
  const empty = await startStack({ dataDir })
  empty.admin.createBucket({ name: bucket, browsable: true })
  empty.admin.createRole({ name: 'analysts', permissions: { [bucket]: 'READ_WRITE' } })
  empty.admin.createUser({ name: 'ada', email: plant('user email', 'ada@example.com'), role: 'analysts' })
  await empty.close()
  await seedBucket(dataDir, bucket, files)
  return startStack({ dataDir })
}

const credentials = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() })

/** AWS settings of a machine whose user is Ada. */
async function awsKeys({ registryUrl, admin }: Stack): Promise<Record<string, string>> {
  const token = await admin.sessionToken('ada')
  const answer = await fetch(`${registryUrl}/api/auth/get_credentials`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const keys = credentials.parse(await answer.json())
  return {
    AWS_ACCESS_KEY_ID: keys.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.SecretAccessKey,
    AWS_SESSION_TOKEN: keys.SessionToken,
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}
