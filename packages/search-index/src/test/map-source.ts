// A registry in memory: what an index is made from in tests.
import { createHash } from 'node:crypto'
import { QuiltError } from '@quilt-mcp/core'
import type { ListedObject, ListedPointer, RegistrySource } from '../source.js'

export interface PackageContent {
  readonly message?: string | null
  readonly userMeta?: unknown
  readonly workflow?: string
  /** Keys, each with its size or with size and user metadata. */
  readonly files: Readonly<Record<string, number | { readonly size: number; readonly userMeta: unknown }>>
}

export interface MapSource extends RegistrySource {
  /** Adds a revision and points `latest` to it. @returns its top hash */
  push(name: string, unixSeconds: number, content: PackageContent): string
  point(name: string, pointer: string, topHash: string): void
  unpoint(name: string, pointer: string): void
  /** Puts bytes in the place of a manifest; undefined removes it. */
  spoil(topHash: string, text: string | undefined): void
  put(object: ListedObject, text?: string): void
  remove(key: string): void
  /** Top hashes of the manifests that were read, in order. Emptied by reading. */
  manifestsRead(): readonly string[]
  /** Pointers that were read, as `name/pointer`. Emptied by reading. */
  pointersRead(): readonly string[]
  /** Thrown at the next reading of a manifest. */
  failNext(error: Error): void
}

export function mapSource(bucket = 'lab-data'): MapSource {
  const pointers = new Map<string, ListedPointer & { readonly topHash: string }>()
  const manifests = new Map<string, string>()
  const objects = new Map<string, ListedObject>()
  const texts = new Map<string, string>()
  let manifestsRead: string[] = []
  let pointersRead: string[] = []
  let failure: Error | undefined
  let writes = 0

  const point = (name: string, pointer: string, topHash: string): void => {
    writes += 1
    pointers.set(`${name}/${pointer}`, { name, pointer, topHash, stamp: String(writes) })
  }
  return {
    bucket,
    push(name, unixSeconds, content) {
      const text = manifestText(content)
      const topHash = createHash('sha256').update(text).digest('hex')
      manifests.set(topHash, text)
      point(name, String(unixSeconds), topHash)
      point(name, 'latest', topHash)
      return topHash
    },
    point,
    unpoint: (name, pointer) => void pointers.delete(`${name}/${pointer}`),
    spoil(topHash, text) {
      if (text === undefined) manifests.delete(topHash)
      else manifests.set(topHash, text)
    },
    put(object, text) {
      objects.set(object.key, object)
      if (text === undefined) texts.delete(object.key)
      else texts.set(object.key, text)
    },
    remove: (key) => void objects.delete(key),
    manifestsRead() {
      const read = manifestsRead
      manifestsRead = []
      return read
    },
    pointersRead() {
      const read = pointersRead
      pointersRead = []
      return read
    },
    failNext(error) {
      failure = error
    },
    async *pointers() {
      for (const { name, pointer, stamp } of pointers.values()) yield [{ name, pointer, stamp }]
    },
    async topHash(name, pointer) {
      pointersRead.push(`${name}/${pointer}`)
      return pointers.get(`${name}/${pointer}`)?.topHash
    },
    async manifest(topHash) {
      manifestsRead.push(topHash)
      const thrown = failure
      failure = undefined
      if (thrown !== undefined) throw thrown
      const text = manifests.get(topHash)
      return text === undefined ? undefined : bytesOf(text)
    },
    async *objects() {
      yield [...objects.values()]
    },
    async text({ key }) {
      const text = texts.get(key)
      if (text === 'unreadable') throw new QuiltError('upstream', 'The object could not be read')
      return text
    },
  }
}

/** So many files. */
export const filesOfOneByte = (count: number): Readonly<Record<string, number>> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`f/${n}`, 1]))

async function* bytesOf(text: string): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

function manifestText({ message = null, userMeta, workflow, files }: PackageContent): string {
  const header = {
    version: 'v0',
    ...(userMeta === undefined ? {} : { user_meta: userMeta }),
    ...(workflow === undefined
      ? {}
      : { workflow: { id: workflow, config: 's3://lab-data/.quilt/workflows/config.yml' } }),
    message,
  }
  const lines = Object.entries(files).map(([key, file]) => {
    const { size, userMeta } = typeof file === 'number' ? { size: file, userMeta: undefined } : file
    return {
      logical_key: key,
      physical_keys: [`s3://lab-data/${key}`],
      size,
      hash: { type: 'SHA256', value: '0'.repeat(64) },
      meta: userMeta === undefined ? {} : { user_meta: userMeta },
    }
  })
  return [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('')
}
