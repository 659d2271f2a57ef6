// What a backend holds, as documents that queries are decided on: for searches in memory.
import type { Backend } from '@quilt-mcp/backends'
import {
  type Entry,
  headerMessage,
  headerUserMeta,
  headerWorkflow,
  isJsonObject,
  type Json,
  type SearchDocument,
  type SearchHit,
  type SearchScope,
} from '@quilt-mcp/core'

/** A document, and what is found when it fits. */
export interface Searched {
  readonly document: SearchDocument
  readonly hit: SearchHit
  /** Unix milliseconds. */
  readonly modifiedMs: number
}

/** All documents of a bucket. */
export async function searchedDocuments(backend: Backend, bucket: string, scope: SearchScope): Promise<Searched[]> {
  return scope === 'objects' ? objectsOf(backend, bucket) : packagesOf(backend, bucket, scope)
}

async function objectsOf(backend: Backend, bucket: string): Promise<Searched[]> {
  const found: Searched[] = []
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const page = await backend.objects.list(bucket, { recursive: true, limit: 1_000, cursor })
    for (const { key, size, modified } of page.items) {
      if (key.startsWith('.quilt/')) continue
      const modifiedMs = Date.parse(modified)
      const document = { bucket, key, size, modifiedMs, deleted: false }
      found.push({ document, modifiedMs, hit: { kind: 'object', bucket, key, size, modified, matched: [] } })
    }
    cursor = page.cursor
  }
  return found
}

async function packagesOf(backend: Backend, bucket: string, scope: 'packages' | 'entries'): Promise<Searched[]> {
  const { items } = await backend.packages.list(bucket, { limit: 1_000 })
  const found: Searched[] = []
  for (const { name, modified = '' } of items) {
    const reader = await backend.packages.open(await backend.packages.resolve({ bucket, name }, 'latest'))
    const entries: Entry[] = []
    for await (const batch of reader.entries()) entries.push(...batch)
    const { topHash } = reader.revision
    const comment = headerMessage(reader.header)
    const workflow = workflowId(headerWorkflow(reader.header))
    const modifiedMs = Date.parse(modified)
    const ofPackage = {
      bucket,
      name,
      hash: topHash,
      modifiedMs,
      ...(typeof comment === 'string' && { comment }),
      ...(workflow !== undefined && { workflow }),
    }
    if (scope === 'entries') {
      found.push(...entries.map((entry) => entryOf(entry, { ...ofPackage, topHash, modified })))
      continue
    }
    const size = entries.reduce((sum, entry) => sum + entry.size, 0)
    const meta = headerUserMeta(reader.header)
    const document = {
      ...ofPackage,
      size,
      entries: entries.length,
      files: entries.map(({ logicalKey }) => logicalKey),
      ...(meta !== undefined && { meta }),
    }
    found.push({
      document,
      modifiedMs,
      hit: {
        kind: 'package',
        bucket,
        name,
        topHash,
        pointer: 'latest',
        modified,
        size,
        entries: entries.length,
        ...(typeof comment === 'string' && { comment }),
        ...(workflow !== undefined && { workflow }),
        ...(meta !== undefined && { userMeta: meta }),
        matched: [],
      },
    })
  }
  return found
}

function entryOf(
  { logicalKey, physicalKey, size, meta }: Entry,
  {
    topHash,
    modified,
    ...ofPackage
  }: SearchDocument & { bucket: string; name: string; topHash: string; modified: string },
): Searched {
  const userMeta = meta.get('user_meta')
  const { bucket, name, modifiedMs = 0 } = ofPackage
  return {
    document: { ...ofPackage, key: logicalKey, size, ...(userMeta !== undefined && { meta: userMeta }) },
    modifiedMs,
    hit: {
      kind: 'entry',
      bucket,
      name,
      topHash,
      logicalKey,
      physicalKey,
      size,
      modified,
      ...(userMeta !== undefined && { userMeta }),
      matched: [],
    },
  }
}

function workflowId(workflow: Json | undefined): string | undefined {
  const id = isJsonObject(workflow) ? workflow.get('id') : undefined
  return typeof id === 'string' ? id : undefined
}
