// Packages that we write for quilt3 to read: generated, the same ones in every run.
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import {
  chunkedSha256,
  compareLogicalKeys,
  crc64nvme,
  type DirectoryMeta,
  type Entry,
  emptyJsonObject,
  formatPhysicalKey,
  type Json,
  type JsonObject,
  newHeader,
  type ObjectHash,
  topHashOf,
  writeManifest,
} from '@quilt-mcp/core'
import fc from 'fast-check'
import { jsonValue, logicalKey } from '../../../packages/core/src/test/arbitrary-json.js'
import { storePackage, write } from './registry.js'

const packageCount = 120
const mebibyte = 1_048_576

const hashes: readonly ((bytes: Uint8Array) => ObjectHash | Promise<ObjectHash>)[] = [
  (bytes) => chunkedSha256(bytes),
  crc64nvme,
  (bytes) => ({ type: 'SHA256', value: createHash('sha256').update(bytes).digest('hex') }),
]

/** A path that a file system takes: no NUL, no part above 255 bytes. */
const filePath = logicalKey.filter((key) => !key.includes('\0') && Buffer.byteLength(key) < 200)

/** No key is the folder of another. */
const filePaths = fc
  .uniqueArray(filePath, { maxLength: 10 })
  .map((keys) => keys.filter((key) => !keys.some((other) => other.startsWith(`${key}/`))).sort(compareLogicalKeys))

const metadata: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant(emptyJsonObject),
  jsonValue.map((value) => new Map([['user_meta', value]])),
  fc.array(fc.tuple(fc.string({ unit: 'binary' }), jsonValue), { maxLength: 3 }).map((members) => new Map(members)),
)

const workflow = fc
  .constantFrom('strict', null)
  .map((id) => new Map<string, Json>([['id', id]]).set('config', 's3://bkt/.quilt/workflows/config.yml?versionId=v'))

const aPackage = fc.record({
  namespace: fc.constantFrom('data', 'данные', 'x²', 'a-b_c', '数据', 'Ⅷ'),
  header: fc.record(
    {
      message: fc.oneof(fc.constant(null), fc.string({ unit: 'binary' })),
      userMeta: fc.oneof(fc.constant(null), fc.constant(emptyJsonObject), jsonValue),
      workflow,
    },
    { requiredKeys: ['message'] },
  ),
  keys: filePaths,
  files: fc.infiniteStream(
    fc.record({
      bytes: fc.oneof(fc.constant(new Uint8Array()), fc.uint8Array({ maxLength: 1_000 })),
      hash: fc.constantFrom(...hashes),
      meta: metadata,
      directoryMeta: fc.option(jsonValue, { nil: undefined }),
    }),
  ),
})

/** Writes the packages into a registry and their files into a folder. Returns how many. */
export async function writePackages(registry: string, folder: string): Promise<number> {
  const generated = fc.sample(aPackage, { numRuns: packageCount, seed: 8 })
  for (const [number, { namespace, header: content, keys, files }] of generated.entries()) {
    const entries: Entry[] = []
    const directories = new Map<string, DirectoryMeta>()
    for (const key of number === 0 ? ['20 MiB', '8 MiB'] : keys) {
      const { bytes: few, hash, meta, directoryMeta } = files.next().value
      const bytes = number === 0 ? Buffer.alloc(Number.parseInt(key, 10) * mebibyte, 'counting') : few
      const path = join(folder, String(number), key)
      await write(path, bytes)
      const physicalKey = formatPhysicalKey({ kind: 'file', path })
      entries.push({ logicalKey: key, physicalKey, size: bytes.length, hash: await hash(bytes), meta })
      const directory = `${dirname(key)}/`
      if (directory !== './' && directoryMeta !== undefined)
        directories.set(directory, { logicalKey: directory, meta: directoryMeta })
    }
    const header = newHeader(content)
    const inOrder = [...directories.values()].sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
    const chunks: Uint8Array[] = []
    for await (const chunk of writeManifest({ header, directories: inOrder, entries: [entries] })) chunks.push(chunk)
    const name = `${namespace}${number}/package`
    await storePackage(registry, { name, topHash: topHashOf(header, entries), manifest: Buffer.concat(chunks) })
  }
  return generated.length
}
