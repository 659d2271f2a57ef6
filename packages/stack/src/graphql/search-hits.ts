// Hits as the registry tells them (formats.md 7.5).
import {
  encodeJson,
  type Highlight,
  type JsonObject,
  type MatchingFile,
  type ObjectHit,
  type PackageHit,
  type Query,
} from '@quilt-mcp/core'
import { hitScore } from '../search/hit-score.js'

/** A package that was found. @param modified when the revision was pushed, where the index does not know it */
export function packageHit(hit: PackageHit, query: Query, modified: Date) {
  const { bucket, name, topHash, pointer, size = 0, entries = 0, comment, userMeta, workflow, files = [] } = hit
  return {
    id: `${bucket}/${name}@${topHash}`,
    score: hitScore(hit, query),
    bucket,
    name,
    pointer,
    hash: topHash,
    size,
    modified,
    totalEntriesCount: entries,
    comment,
    meta: userMeta === undefined ? undefined : encodeJson(userMeta),
    workflow: workflow === undefined ? undefined : (new Map([['id', workflow]]) satisfies JsonObject),
    matchLocations: {
      name: isIn(hit.matched, 'name'),
      comment: isIn(hit.matched, 'comment'),
      meta: isIn(hit.matched, 'meta'),
      workflow: isIn(hit.matched, 'workflow'),
    },
    matchingEntries: files.map(matchingEntry),
  }
}

function matchingEntry({ logicalKey, physicalKey, size, userMeta }: MatchingFile) {
  return {
    logicalKey,
    physicalKey,
    size,
    // What a manifest keeps of an entry, user metadata being one part of it.
    meta: userMeta === undefined ? undefined : encodeJson(new Map([['user_meta', userMeta]])),
    matchLocations: { logicalKey: true, physicalKey: false, meta: false, contents: false },
  }
}

/** An object that was found. */
export function objectHit(hit: ObjectHit, query: Query) {
  const { bucket, key, versionId = 'null', size, modified, deleted = false } = hit
  return {
    id: `${key}:${versionId}`,
    score: hitScore(hit, query),
    bucket,
    key,
    version: versionId,
    size,
    modified: new Date(modified),
    deleted,
  }
}

const isIn = (matched: readonly Highlight[], field: Highlight['field']): boolean =>
  matched.some((highlight) => highlight.field === field)
