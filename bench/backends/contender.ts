// One measurement of ours in a process of its own: `node contender.mjs <backend> <task> <world as JSON>` prints one line of JSON.
import { homedir } from 'node:os'
import type { Backend, PackageReader, PlannedEntry } from '../../packages/backends/src/backend.js'
import { iamBackend } from '../../packages/backends/src/iam.js'
import { localBackend } from '../../packages/backends/src/local.js'
import { platformBackend } from '../../packages/backends/src/platform.js'
import { sessionBackend } from '../../packages/backends/src/session.js'
import { diffEntries, type Entry, parseJson } from '../../packages/core/src/index.js'

interface World {
  readonly registryUrl: string
  readonly s3Endpoint: string
  readonly token: string
  readonly bucket: string
  readonly folder: string
  readonly entries: number
}

const name = 'bench/large'
const updated = 'bench/updated'
const directory = 'data/batch-03'

async function backendNamed(backend: string, world: World): Promise<Backend> {
  const { registryUrl, s3Endpoint, token, bucket, folder } = world
  if (backend === 'platform') return platformBackend({ registryUrl, s3Endpoint, token })
  const session = { folder, registryUrl, region: 'us-east-1', isDefault: false }
  if (backend === 'session') return sessionBackend({ session, token, s3Endpoint })
  if (backend === 'local') return localBackend({ registries: [{ name: bucket, root: folder }] })
  const isInstance = async () => false
  return iamBackend({ env: process.env, homeDir: homedir(), isInstance, buckets: [bucket], s3Endpoint })
}

const keyOf = (index: number) =>
  `data/batch-${String(index % 100).padStart(2, '0')}/${String(index).padStart(6, '0')}.txt`

/** Two revisions of so many entries, of which 1 % differ. All entries are one object. */
async function seed({ packages, objects }: Backend, { bucket, entries: count }: World): Promise<number> {
  const { versionId } = await objects.put({ bucket, key: 'bench/hello.txt' }, Buffer.from('hello'))
  const physicalKey = `s3://${bucket}/bench/hello.txt${versionId === undefined ? '' : `?versionId=${versionId}`}`
  const hash = { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' }
  const planned = (revision: number) =>
    Array.from({ length: count }, (_, index): PlannedEntry => {
      const meta = new Map([['n', parseJson(String(index % 100 === 0 ? revision : 0))]])
      return { logicalKey: keyOf(index), physicalKey, size: 5, hash, meta }
    })
  for (const revision of [1, 2]) {
    await packages.push({ bucket, name, entries: planned(revision), message: `revision ${revision}` })
  }
  await packages.push({ bucket, name: updated, entries: planned(1), message: 'to be updated' })
  for (let index = 0; index < 20; index += 1)
    await packages.push({ bucket, name: `bench/small-${index}`, entries: [], message: null })
  return count
}

async function latest({ packages }: Backend, { bucket }: World, named = name): Promise<PackageReader> {
  return packages.open(await packages.resolve({ bucket, name: named }))
}

const tasks: Readonly<Record<string, (backend: Backend, world: World) => Promise<string | number>>> = {
  seed,
  async list({ packages }, { bucket }) {
    return (await packages.list(bucket)).items.filter((item) => item.name.startsWith('bench/')).length
  },
  async browse(backend, world) {
    return (await (await latest(backend, world)).dir(directory)).total ?? 0
  },
  async diff(backend, world) {
    const { packages } = backend
    const { items } = await packages.revisions({ bucket: world.bucket, name }, { limit: 2 })
    const [later, earlier] = await Promise.all(items.map((revision) => packages.open(revision)))
    if (later === undefined || earlier === undefined) throw new Error('there are no two revisions')
    return (await diffEntries(earlier.entries(), later.entries())).changes.length
  },
  async read(backend, world) {
    let text = ''
    const { body } = await (await latest(backend, world)).read(keyOf(3))
    for await (const chunk of body) text += Buffer.from(chunk).toString()
    return text
  },
  /** Changes the metadata of one entry. */
  async update(backend, world) {
    const { bucket } = world
    const reader = await latest(backend, world, updated)
    const entries: Entry[] = []
    for await (const batch of reader.entries()) entries.push(...batch)
    const changed = entries.map((entry, index) =>
      index === 0 ? { ...entry, meta: new Map([['now', crypto.randomUUID()]]) } : entry,
    )
    const plan = { bucket, name: updated, entries: changed, message: 'update' }
    await backend.packages.push({ ...plan, base: reader.revision.topHash })
    return entries.length
  },
}

const [which = '', task = '', json = '{}'] = process.argv.slice(2)
const run = tasks[task]
if (run === undefined) throw new Error(`there is no task ${task}`)
const world = JSON.parse(json) as World
const backend = await backendNamed(which, world)
const started = performance.now()
const answer = await run(backend, world)
console.log(JSON.stringify({ answer, ms: performance.now() - started }))
process.exit(0)
