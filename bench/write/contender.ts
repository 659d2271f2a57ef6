// One measurement of ours in a process of its own: `node contender.mjs <backend> <task> <world as JSON>` prints one line of JSON.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Backend, PlannedEntry } from '../../packages/backends/src/backend.js'
import { iamBackend } from '../../packages/backends/src/iam.js'
import { localBackend } from '../../packages/backends/src/local.js'
import { fileContent } from '../../packages/backends/src/objects/content.js'
import { platformBackend } from '../../packages/backends/src/platform.js'

interface World {
  readonly registryUrl: string
  readonly s3Endpoint: string
  readonly token: string
  readonly bucket: string
  /** Of the local registry; the files lie in it. */
  readonly root: string
  /** Of the files. */
  readonly folder: string
  /** Of the objects, ends in `/`. */
  readonly prefix: string
  readonly name: string
}

async function backendNamed(backend: string, world: World): Promise<Backend> {
  const { registryUrl, s3Endpoint, token, bucket, root } = world
  if (backend === 'platform') return platformBackend({ registryUrl, s3Endpoint, token })
  if (backend === 'local') return localBackend({ registries: [{ name: bucket, root }] })
  const isInstance = async () => false
  return iamBackend({ env: process.env, homeDir: homedir(), isInstance, buckets: [bucket], s3Endpoint })
}

/** Paths of all files below the folder, relative to it. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const start = folder.length + 1
  return found.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name).slice(start))
}

async function push({ packages }: Backend, { bucket, name }: World, entries: readonly PlannedEntry[]): Promise<void> {
  await packages.push({ bucket, name, entries, message: name, base: null })
}

const tasks: Readonly<Record<string, (backend: Backend, world: World) => Promise<void>>> = {
  /** Objects that are there become a package, where they lie. */
  async fromS3(backend, world) {
    const { bucket, prefix } = world
    const entries: PlannedEntry[] = []
    for await (const batch of backend.objects.keys(bucket, { prefix }))
      for (const { key, size } of batch)
        entries.push({ logicalKey: key.slice(prefix.length), physicalKey: `s3://${bucket}/${key}`, size })
    await push(backend, world, entries)
  },
  /** Files of this machine are uploaded into the package. In a local registry: copied into it. */
  async upload(backend, world) {
    const entries: PlannedEntry[] = []
    for (const logicalKey of await filesIn(world.folder))
      entries.push({ logicalKey, content: await fileContent(join(world.folder, logicalKey)) })
    await push(backend, world, entries)
  },
  /** Files of this machine become a package of the local registry, where they lie. */
  async inPlace(backend, world) {
    const files = await filesIn(world.folder)
    const entries = files.map((logicalKey) => ({
      logicalKey,
      physicalKey: pathToFileURL(join(world.folder, logicalKey)).href,
    }))
    await push(backend, world, entries)
  },
}

/** What is in the revision: by this it is compared with the peer's. */
async function digestOf({ packages }: Backend, { bucket, name }: World): Promise<string> {
  const reader = await packages.open(await packages.resolve({ bucket, name }))
  const lines: string[] = []
  for await (const batch of reader.entries())
    for (const { logicalKey, size, hash } of batch) lines.push(`${logicalKey} ${size} ${hash.value}\n`)
  return createHash('sha256').update(lines.toSorted().join('')).digest('hex')
}

const peakMb = () => (Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024) / 1e6

const [which = '', task = '', json = '{}'] = process.argv.slice(2)
const run = tasks[task]
if (run === undefined) throw new Error(`there is no task ${task}`)
const world = JSON.parse(json) as World
const backend = await backendNamed(which, world)
const started = performance.now()
await run(backend, world)
const ms = performance.now() - started
const measured = { ms, peakMb: peakMb() }
// The requests of the look that follows are not those of the push.
process.stdout.write(`${JSON.stringify({ pushed: true })}\n`)
console.log(JSON.stringify({ ...measured, answer: await digestOf(backend, world) }))
process.exit(0)
