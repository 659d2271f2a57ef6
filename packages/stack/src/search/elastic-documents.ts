// What was found, as documents of a registry's Elasticsearch indexes (formats.md 6.3).
import { createHash } from 'node:crypto'
import {
  type EntryHit,
  encodeJson,
  fileExtension,
  type ObjectHit,
  type PackageHit,
  parsePhysicalKey,
  type Query,
  QuiltError,
  type SearchHit,
} from '@quilt-mcp/core'
import { hitScore } from './hit-score.js'

/** One document, found. */
export interface ElasticHit {
  readonly _index: string
  readonly _type: '_doc'
  readonly _id: string
  readonly _score: number
  /** Plain JSON. */
  readonly _source: Readonly<Record<string, unknown>>
}

/** The document of a hit. @param query that found it */
export function elasticHit(hit: SearchHit, query: Query): ElasticHit {
  const { id, source } = documentOf(hit)
  return {
    _index: hit.kind === 'object' ? hit.bucket : `${hit.bucket}_packages`,
    _type: '_doc',
    _id: id,
    _score: hitScore(hit, query),
    _source: source,
  }
}

function documentOf(hit: SearchHit): Document {
  switch (hit.kind) {
    case 'package':
      return manifestDocument(hit)
    case 'entry':
      return entryDocument(hit)
    case 'object':
      return objectDocument(hit)
  }
}

interface Document {
  readonly id: string
  readonly source: Readonly<Record<string, unknown>>
}

/** The manifest with the pointer that was found: one document here, two joined ones there. */
function manifestDocument(hit: PackageHit): Document {
  const { name, topHash, pointer, modified, size = 0, entries = 0, comment, userMeta, workflow } = hit
  return {
    id: `mnfst:${topHash}`,
    source: {
      ptr_name: name,
      ptr_tag: pointer,
      ptr_last_modified: modified ?? null,
      mnfst_hash: topHash,
      mnfst_message: comment ?? 'None', // so the registry's indexer has it
      mnfst_metadata: userMeta === undefined ? null : encodeJson(userMeta),
      mnfst_stats: { total_bytes: size, total_files: entries },
      mnfst_workflow: workflow === undefined ? null : { id: workflow },
      mnfst_last_modified: modified ?? null,
    },
  }
}

function entryDocument({ topHash, logicalKey, physicalKey, size, userMeta }: EntryHit): Document {
  return {
    id: `entry:${topHash}:${createHash('sha256').update(logicalKey).digest('hex')}`,
    source: {
      entry_lk: logicalKey,
      entry_pk: physicalKey,
      entry_pk_parsed: parsedKey(physicalKey),
      entry_size: size,
      entry_metadata: userMeta === undefined ? null : encodeJson(new Map([['user_meta', userMeta]])),
    },
  }
}

function parsedKey(physicalKey: string): unknown {
  try {
    const parsed = parsePhysicalKey(physicalKey)
    if (parsed.kind !== 's3') return null
    return { s3: { bucket: parsed.bucket, key: parsed.key, version_id: parsed.versionId ?? null } }
  } catch (error) {
    if (error instanceof QuiltError) return null // a manifest may hold any text
    throw error
  }
}

function objectDocument({ key, versionId, size, modified, deleted = false }: ObjectHit): Document {
  const extension = fileExtension(key)
  return {
    id: `${key}:${versionId ?? 'null'}`,
    source: {
      key,
      key_text: key,
      ext: extension === undefined ? '' : `.${extension}`,
      size,
      last_modified: modified,
      version_id: versionId ?? null,
      delete_marker: deleted,
    },
  }
}
