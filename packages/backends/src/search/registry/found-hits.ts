// What the registry found, as hits and as the documents that a query is checked on.
import {
  type EntryHit,
  type Highlight,
  highlightsOf,
  isJsonObject,
  type Json,
  type MatchingFile,
  type MatchOptions,
  type ObjectHit,
  type PackageHit,
  parseJson,
  type Query,
  type SearchDocument,
} from '@quilt-mcp/core'
import type { FoundObject, FoundPackage } from '../../registry-api/search-answers.js'

/** Something found: a document, and how it becomes a hit. */
export interface Candidate<Hit> {
  readonly document: SearchDocument
  hit(query: Query, options: MatchOptions): Hit
}

const mostFiles = 10
const mostCharacters = 200

/** A package. */
export function packageCandidate(found: FoundPackage): Candidate<PackageHit> {
  const { bucket, name, pointer, modified, size, comment, matchingEntries } = found
  const userMeta = jsonOf(found.meta)
  const workflow = workflowId(found)
  const document: SearchDocument = {
    ...packageDocument(found),
    size,
    entries: found.totalEntriesCount,
    ...(userMeta === undefined ? {} : { meta: userMeta }),
    files: matchingEntries.map(({ logicalKey }) => logicalKey),
  }
  return {
    document,
    hit(query, options) {
      const files = matchingEntries.slice(0, mostFiles).map(fileOf)
      const ours = highlightsOf(query, document, options)
      return {
        kind: 'package',
        bucket,
        name,
        topHash: found.hash,
        pointer,
        modified,
        size,
        entries: found.totalEntriesCount,
        ...(comment === undefined ? {} : { comment }),
        ...(userMeta === undefined ? {} : { userMeta }),
        ...(workflow === undefined ? {} : { workflow }),
        matched: ours.length > 0 ? ours : placesTold(found),
        ...(files.length > 0 ? { files } : {}),
      }
    },
  }
}

/** The files of a package that the registry tells. */
export function entryCandidates(found: FoundPackage): readonly Candidate<EntryHit>[] {
  const { bucket, name, modified, hash } = found
  return found.matchingEntries.map((entry) => {
    const meta = jsonOf(entry.meta)
    const userMeta = isJsonObject(meta) ? meta.get('user_meta') : undefined
    const document: SearchDocument = {
      ...packageDocument(found),
      key: entry.logicalKey,
      size: entry.size,
      ...(userMeta === undefined ? {} : { meta: userMeta }),
    }
    return {
      document,
      hit: (query, options) => ({
        kind: 'entry',
        bucket,
        name,
        topHash: hash,
        ...fileOf(entry),
        modified,
        ...(userMeta === undefined ? {} : { userMeta }),
        matched: highlightsOf(query, document, options),
      }),
    }
  })
}

/** A version of an object. */
export function objectCandidate(found: FoundObject): Candidate<ObjectHit> {
  const { bucket, key, version, size, modified, deleted, indexedContent: content } = found
  const document: SearchDocument = {
    bucket,
    key,
    size,
    modifiedMs: Date.parse(modified),
    deleted,
    ...(content === undefined ? {} : { content }),
  }
  return {
    document,
    hit: (query, options) => ({
      kind: 'object',
      bucket,
      key,
      ...(version === undefined || version === '' || version === 'null' ? {} : { versionId: version }),
      size,
      modified,
      ...(deleted ? { deleted } : {}),
      matched: highlightsOf(query, document, options),
    }),
  }
}

function packageDocument(found: FoundPackage): SearchDocument {
  const { bucket, name, comment, hash, modified } = found
  const workflow = workflowId(found)
  return {
    bucket,
    name,
    hash,
    modifiedMs: Date.parse(modified),
    ...(comment === undefined ? {} : { comment }),
    ...(workflow === undefined ? {} : { workflow }),
  }
}

function workflowId({ workflow }: FoundPackage): string | undefined {
  const id = workflow?.get('id')
  return typeof id === 'string' ? id : undefined
}

const fileOf = ({ logicalKey, physicalKey, size }: FoundPackage['matchingEntries'][number]): MatchingFile => ({
  logicalKey,
  physicalKey,
  size,
})

/** Where the registry says that it found something which we do not see there: it knows word forms, and contents. */
function placesTold(found: FoundPackage): readonly Highlight[] {
  const { matchLocations, name, comment, meta, matchingEntries } = found
  const places: readonly (readonly [boolean, Highlight['field'], string | undefined])[] = [
    [matchLocations.name, 'name', name],
    [matchLocations.comment, 'comment', comment],
    [matchLocations.meta, 'meta', meta],
    [matchLocations.workflow, 'workflow', workflowId(found)],
    ...matchingEntries.map(({ logicalKey }) => [true, 'files', logicalKey] as const),
  ]
  return places
    .flatMap(([isMatch, field, text]) =>
      isMatch && text ? [{ field, text: text.slice(0, mostCharacters), words: [] }] : [],
    )
    .slice(0, 5)
}

/** Metadata comes as JSON text. What cannot be read is not told. */
function jsonOf(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined
  try {
    return parseJson(text)
  } catch {
    return undefined // one unreadable package must not hide all the others
  }
}
