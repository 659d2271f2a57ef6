// What is known of one file of the package that is being made, from the listing of its object on.
import type { Entry } from '@quilt-mcp/core'
import type { RecordFormat } from './record-file.js'
import type { Keyed } from './sorted-streams.js'

/** What a package says of an object, once it was looked at (and copied, if that was wanted). */
export interface KnownFacts {
  readonly physicalKey: string
  readonly hash: Entry['hash']
}

/** An object of the prefix, and its path in the package. */
export interface PlannedFile extends Keyed {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** ISO-8601. */
  readonly modified: string
  readonly etag?: string
  /** From an earlier try that broke off. */
  readonly known?: KnownFacts
}

/** A file whose facts became known in a push. */
export interface DoneFile extends Keyed, KnownFacts {
  readonly size: number
}

export const plannedFileFormat: RecordFormat<PlannedFile> = {
  line: ({ logicalKey, key, size, modified, etag, known }) =>
    JSON.stringify([
      logicalKey,
      key,
      size,
      modified,
      etag ?? '',
      ...(known === undefined ? [] : [known.physicalKey, known.hash.type, known.hash.value]),
    ]),
  record(line) {
    const [logicalKey, key, size, modified, etag, physicalKey, type, value] = membersOf(line)
    if (!isText(logicalKey) || !isText(key) || !isNumber(size) || !isText(modified) || !isText(etag)) return undefined
    const isKnown = isText(physicalKey) && isText(type) && isText(value)
    return {
      logicalKey,
      key,
      size,
      modified,
      ...(etag !== '' && { etag }),
      ...(isKnown && { known: { physicalKey, hash: { type, value } } }),
    }
  },
}

export const doneFileFormat: RecordFormat<DoneFile> = {
  line: ({ logicalKey, physicalKey, size, hash }) =>
    JSON.stringify([logicalKey, physicalKey, size, hash.type, hash.value]),
  record(line) {
    const [logicalKey, physicalKey, size, type, value] = membersOf(line)
    if (!isText(logicalKey) || !isText(physicalKey) || !isNumber(size) || !isText(type) || !isText(value))
      return undefined
    return { logicalKey, physicalKey, size, hash: { type, value } }
  },
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number'

/** None of a line that was cut off: a program that is killed leaves half of one. */
function membersOf(line: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(line)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
