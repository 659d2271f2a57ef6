// The worlds in which pushes are cut off: objects in an S3, by AWS credentials or by the registry's; a folder of this machine.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { type Backend, type SelectOptions, selectBackend } from '@quilt-mcp/backends'
import { z } from 'zod'
import type { World } from '../world.js'
import { type Cutter, killingFiles } from './cutter.js'
import { killingProxy } from './killing-proxy.js'

export interface CrashWorld {
  readonly name: 'iam' | 'platform' | 'local'
  readonly bucket: string
  /** Whether an object keeps what it was when it is written again. */
  readonly versioned: boolean
  /** Past whatever kills. */
  readonly backend: Backend
  /** How pushers find the world, through what kills them. */
  readonly settings: SelectOptions
  /** Folder in which pushers note the uploads that they have begun. */
  readonly notes: string
  readonly cutter: Cutter
  /** What pushes have left behind that belongs to no revision: unfinished uploads, temporary files, locks. */
  rests(): Promise<readonly string[]>
  close(): Promise<void>
}

const credentials = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() })

/** Paths of all files below a folder that may not be there. */
export const filesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((found) => found.isFile())
        .map((found) => join(found.parentPath, found.name))
    : []

const profileOf = ({ AccessKeyId, SecretAccessKey, SessionToken }: z.infer<typeof credentials>) =>
  [
    '[default]',
    `aws_access_key_id = ${AccessKeyId}`,
    `aws_secret_access_key = ${SecretAccessKey}`,
    `aws_session_token = ${SessionToken}`,
  ].join('\n')

/** The embedded stack's S3 with AWS credentials alone, or through its registry. @param home an empty folder */
export async function stackWorld(name: 'iam' | 'platform', { stack, ada }: World, home: string): Promise<CrashWorld> {
  const { bucket, sessionToken: token } = ada
  const answer = await fetch(`${stack.registryUrl}/api/auth/get_credentials`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const issued = credentials.parse(await answer.json())
  const notes = join(home, 'notes')
  mkdirSync(join(home, '.aws'))
  writeFileSync(join(home, '.aws/credentials'), profileOf(issued))
  const s3 = await killingProxy(stack.s3Endpoint)
  const registry = await killingProxy(stack.registryUrl)
  const settingsWith = (s3Endpoint: string, registryUrl: string): SelectOptions => ({
    backend: name,
    s3Endpoint,
    registries: [`s3://${bucket}`],
    ...(name === 'platform' && { registryUrl, token }),
    surroundings: {
      env: {},
      homeDir: home,
      platform: process.platform,
    },
  })
  const client = new S3Client({
    endpoint: stack.s3Endpoint,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: {
      accessKeyId: issued.AccessKeyId,
      secretAccessKey: issued.SecretAccessKey,
      sessionToken: issued.SessionToken,
    },
  })
  const backend = await selectBackend(settingsWith(stack.s3Endpoint, stack.registryUrl))
  return {
    name,
    bucket,
    versioned: true,
    backend,
    settings: settingsWith(s3.url, registry.url),
    notes,
    cutter: {
      env: () => ({}),
      arm(point, kill) {
        s3.arm(point, kill)
        registry.arm(point, kill)
      },
      steps: async () => [...s3.steps(), ...registry.steps()],
      async idle() {
        await Promise.all([s3.idle(), registry.idle()])
      },
    },
    async rests() {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))
      return [...Uploads.map(({ Key }) => `unfinished upload of ${Key}`), ...filesIn(notes)]
    },
    async close() {
      await backend.close()
      client.destroy()
      await Promise.all([s3.close(), registry.close()])
    },
  }
}

/** A registry in a folder. @param folder an empty one */
export async function localWorld(folder: string): Promise<CrashWorld> {
  const root = join(folder, 'registry')
  mkdirSync(root)
  const settings: SelectOptions = {
    backend: 'local',
    registries: [],
    localRegistry: root,
    surroundings: { env: {}, homeDir: folder, platform: process.platform },
  }
  const backend = await selectBackend(settings)
  const [bucket] = (await backend.buckets.list()).items
  const workFolder = join(root, '.quilt/quilt-mcp')
  return {
    name: 'local',
    bucket: bucket?.name ?? '',
    versioned: false,
    backend,
    settings,
    notes: join(folder, 'notes'),
    cutter: killingFiles(join(folder, 'steps.json')),
    rests: async () => filesIn(workFolder),
    close: () => backend.close(),
  }
}
