// A sample catalogue as the files of a registry (formats.md 1.1).
import {
  compareLogicalKeys,
  type Entry,
  emptyJsonObject,
  formatPhysicalKey,
  fromPlain,
  isJsonObject,
  type JsonObject,
  latestTag,
  manifestKey,
  newHeader,
  pointerKey,
  topHashOf,
  writeManifest,
} from '@quilt-mcp/core'
import type { PlainMeta, SampleEntry, SamplePackage, SampleRevision } from './sample-package.js'

export interface RegistryFile {
  /** In the bucket. */
  readonly key: string
  readonly bytes: Uint8Array
}

/** The manifests and pointers of packages. */
export async function* registryFiles(packages: Iterable<SamplePackage>): AsyncGenerator<RegistryFile> {
  for (const { name, revisions } of packages) {
    let pointer = ''
    for (const revision of revisions) {
      const { topHash, bytes } = await manifestOf(revision)
      yield { key: manifestKey(topHash), bytes }
      yield { key: pointerKey(name, String(revision.seconds)), bytes: Buffer.from(topHash) }
      pointer = topHash
    }
    yield { key: pointerKey(name, latestTag), bytes: Buffer.from(pointer) }
  }
}

async function manifestOf({ comment, meta, workflow, entries }: SampleRevision) {
  const header = newHeader({
    message: comment,
    ...(meta === undefined ? {} : { userMeta: fromPlain(meta) }),
    ...(workflow === undefined ? {} : { workflow: new Map([['id', workflow]]) }),
  })
  const lines = entries.map(entryOf).sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
  const chunks: Uint8Array[] = []
  for await (const chunk of writeManifest({ header, entries: [lines] })) chunks.push(chunk)
  return { topHash: topHashOf(header, lines), bytes: Buffer.concat(chunks) }
}

function entryOf({ key, size, meta }: SampleEntry): Entry {
  return {
    logicalKey: key,
    physicalKey: formatPhysicalKey({ kind: 's3', bucket: 'instruments', key, versionId: 'one' }),
    size,
    hash: { type: 'SHA256', value: size.toString(16).padStart(64, '0') },
    meta: meta === undefined ? emptyJsonObject : userMeta(meta),
  }
}

function userMeta(meta: PlainMeta): JsonObject {
  const object = fromPlain({ user_meta: meta })
  return isJsonObject(object) ? object : emptyJsonObject
}
