// Looks into a package of any size by its index: reads only what it shows.
import { compareKeyBytes, type KeyBytes, keyBytesOf } from '../key-bytes.js'
import { directoriesFrom } from './directories.js'
import type { ExtensionSummary } from './extensions.js'
import { type IndexRecord, keyBlocks, type LineSpan } from './key-blocks.js'
import { type DecodedIndex, decodeIndex, type IndexOwner } from './layout.js'
import { type IndexSource, pageBytes } from './pages.js'
import { unusable } from './unusable.js'

/** A file or directory in the listing of a directory. */
export type IndexedChild = IndexedFile | IndexedDirectory

/** A file: its entry without what only the line says. */
export interface IndexedFile extends IndexRecord {
  readonly kind: 'file'
  readonly name: string
}

/** A directory with the sums of all that is below it. Bytes are exact in packages of less than 2^53 bytes. */
export interface IndexedDirectory {
  readonly kind: 'directory'
  readonly name: string
  /** With trailing `/`. */
  readonly logicalKey: string
  readonly entries: number
  readonly bytes: number
}

/** One page of a directory. */
export interface DirectoryListing {
  /** All children, this page's and the others. */
  readonly total: number
  /** Entries in and below the directory. */
  readonly entries: number
  /** Bytes in and below the directory. */
  readonly bytes: number
  /** In tree order. */
  readonly children: readonly IndexedChild[]
}

/** What is known of a package as a whole. */
export interface ManifestSummary {
  readonly entries: number
  readonly bytes: number
  /** Directories that hold entries, the root not counted. */
  readonly directories: number
  /** Most entries first. */
  readonly extensions: readonly ExtensionSummary[]
}

/** A part of a list: how many to leave out, and how many to give at most (default 1,000). */
export interface ListRange {
  readonly offset?: number | undefined
  readonly limit?: number | undefined
}

/** An index that can be asked. Its functions throw `internal`, retryable, when its bytes are damaged. */
export interface ManifestIndex {
  readonly topHash: string
  /** Length of the manifest in bytes. */
  readonly manifestBytes: number
  /** The manifest's first line. */
  readonly header: LineSpan
  summary(): ManifestSummary
  /** One directory; undefined when there is none. @param path with or without trailing `/`; empty for the root */
  list(path: string, range?: ListRange): DirectoryListing | undefined
  /** One entry; undefined when there is none. */
  find(logicalKey: string): IndexRecord | undefined
  /** Entries in tree order. */
  entries(range?: ListRange): readonly IndexRecord[]
  /** The line that holds the metadata of a directory; undefined when it has none. @param path as for `list` */
  directoryLine(path: string): LineSpan | undefined
}

const defaultLimit = 1_000
const slash = 0x2f

/**
 * Opens an index that {@link buildManifestIndex} made. Checks all of its bytes; nothing is unpacked.
 * @param owner the manifest it shall belong to
 * @throws {QuiltError} `internal`, retryable, when it is cut off, damaged, of another version, or of another manifest:
 *   then build it again
 */
export function openManifestIndex(bytes: Uint8Array, owner: IndexOwner): ManifestIndex {
  const source = {
    length: bytes.length,
    read: (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length),
  }
  const index = decodeIndex(source, owner)
  const { body } = index
  for (let at = 0; at < body.length; at += pageBytes) body.bytes(at, Math.min(pageBytes, body.length - at))
  return indexFrom(index)
}

/**
 * Opens an index where it lies, a file for instance: of an index of any size the head and a checksum of each page are
 * read, later the pages that an answer needs, each checked when it is read. Up to 4 MiB of them are held.
 * @param source must stay as it is: replace an index by another file, do not write over it
 * @param owner the manifest it shall belong to
 * @throws {QuiltError} as {@link openManifestIndex}; for damage in a page, the function that reads it. What `read` throws
 */
export function openManifestIndexFrom(source: IndexSource, owner: IndexOwner): ManifestIndex {
  return indexFrom(decodeIndex(source, owner))
}

function indexFrom({ head, sections }: DecodedIndex): ManifestIndex {
  const directories = directoriesFrom(head.directories, sections.directories)
  const entries = keyBlocks(head.entries, sections.entryBlocks, sections.entries)
  const directoryLines = keyBlocks(head.directoryLines, sections.lineBlocks, sections.lines)

  const directoryAt = (path: string): number | undefined => {
    if (path === '') return 0
    const bytes = keyBytesOf(path)
    if (bytes === undefined) return undefined
    const first = entries.countBefore(orderTo(bytes))
    if (entries.logicalKey(first)?.startsWith(path) !== true) return undefined
    return directories.find(first, bytes.filter((byte) => byte === slash).length)
  }
  const list = (path: string, { offset = 0, limit = defaultLimit }: ListRange): DirectoryListing | undefined => {
    const prefix = path === '' || path.endsWith('/') ? path : `${path}/`
    const directory = directoryAt(prefix)
    if (directory === undefined) return undefined
    const children: IndexedChild[] = []
    let total = 0
    /** Files that lie directly in the directory, in one run. */
    const addFiles = (from: number, end: number): void => {
      const skipped = Math.max(0, offset - total)
      for (let ordinal = from + skipped; ordinal < end && children.length < limit; ordinal++) {
        const record = entries.record(ordinal)
        if (record !== undefined)
          children.push({ kind: 'file', name: record.logicalKey.slice(prefix.length), ...record })
      }
      total += end - from
    }
    const addDirectory = (child: number): void => {
      if (total >= offset && children.length < limit) {
        const inside = entries.logicalKey(directories.first(child)) ?? ''
        const name = inside.slice(prefix.length, inside.indexOf('/', prefix.length))
        const sums = { entries: directories.count(child), bytes: directories.bytes(child) }
        children.push({ kind: 'directory', name, logicalKey: `${prefix}${name}/`, ...sums })
      }
      total++
    }
    let ordinal = directories.first(directory)
    for (let child = directory + 1; child < directories.next(directory); child = directories.next(child)) {
      addFiles(ordinal, directories.first(child))
      addDirectory(child)
      ordinal = directories.first(child) + directories.count(child)
    }
    addFiles(ordinal, directories.first(directory) + directories.count(directory))
    return { total, entries: directories.count(directory), bytes: directories.bytes(directory), children }
  }

  return {
    topHash: head.topHash,
    manifestBytes: head.manifestBytes,
    header: { offset: 0, length: head.headerBytes },
    summary: () =>
      checked(() => ({
        entries: head.entries,
        bytes: head.bytes,
        directories: head.directories - 1,
        extensions: JSON.parse(Buffer.from(sections.extensions.bytes(0, sections.extensions.length)).toString('utf8')),
      })),
    list: (path, range = {}) => checked(() => list(path, range)),
    find: (logicalKey) => checked(() => recordOf(entries, logicalKey)),
    entries: ({ offset = 0, limit = defaultLimit } = {}) =>
      checked(() => {
        const found: IndexRecord[] = []
        for (let ordinal = offset; ordinal < Math.min(head.entries, offset + limit); ordinal++) {
          const record = entries.record(ordinal)
          if (record !== undefined) found.push(record)
        }
        return found
      }),
    directoryLine: (path) => checked(() => recordOf(directoryLines, path.endsWith('/') ? path : `${path}/`)?.line),
  }
}

function recordOf(blocks: ReturnType<typeof keyBlocks>, logicalKey: string): IndexRecord | undefined {
  const bytes = keyBytesOf(logicalKey)
  if (bytes === undefined) return undefined
  const record = blocks.record(blocks.countBefore(orderTo(bytes)))
  return record?.logicalKey === logicalKey ? record : undefined
}

function orderTo(bytes: Uint8Array): (key: KeyBytes) => number {
  const wanted = { bytes, from: 0, end: bytes.length }
  return (key) => compareKeyBytes(key, wanted)
}

/** The checksum held, and yet the bytes make no sense: another program's work, or a defect of this one. */
function checked<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof RangeError || cause instanceof SyntaxError)) throw cause
    throw unusable('its bytes make no sense', cause)
  }
}
