// An index as bytes: a head of fixed length that says what it belongs to, the checksums of its pages, then its sections.
import { crc32 } from 'node:zlib'
import { checkedPages, type IndexSource, pageBytes, pageChecksums, partOf, type ReadableBytes } from './pages.js'
import { unusable } from './unusable.js'

/** What the head of an index says beside the places of its sections. */
export interface IndexHead {
  /** The manifest's name, 64 lowercase hex digits. */
  readonly topHash: string
  /** Length of the manifest in bytes. */
  readonly manifestBytes: number
  /** Length of the manifest's first line in bytes. */
  readonly headerBytes: number
  readonly entries: number
  /** Bytes of all entries' objects. */
  readonly bytes: number
  /** Directories that hold entries, the root among them. */
  readonly directories: number
  /** Lines that hold metadata of directories. */
  readonly directoryLines: number
}

const sectionNames = ['directories', 'entryBlocks', 'entries', 'lineBlocks', 'lines', 'extensions'] as const
type SectionName = (typeof sectionNames)[number]

/** The sections in pieces, in the order in which they lie. `extensions` is JSON text. */
export type NewSections = Readonly<Record<SectionName, readonly Uint8Array[]>>
/** The sections, to be read where they are needed. */
export type IndexSections = Readonly<Record<SectionName, ReadableBytes>>

const magic = 'quiltidx'
const version = 2
const crcAt = 12
const checkedFrom = 16
const lengthAt = 16
const manifestBytesAt = 24
const bytesAt = 32
const headerBytesAt = 40
const entriesAt = 48
const directoriesAt = 56
const directoryLinesAt = 64
const sectionLengthsAt = 72
const topHashAt = sectionLengthsAt + sectionNames.length * 8
const headBytes = topHashAt + 32

/** Joins the parts of an index. All numbers are little-endian doubles but version and checksums. */
export function encodeIndex(head: IndexHead, sections: NewSections): Uint8Array {
  const parts = sectionNames.flatMap((name) => sections[name])
  const checksums = pageChecksums(parts)
  const length = parts.reduce((sum, part) => sum + part.length, headBytes + checksums.length)
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  bytes.set(Buffer.from(magic, 'latin1'))
  view.setUint32(8, version, true)
  view.setFloat64(lengthAt, length, true)
  view.setFloat64(manifestBytesAt, head.manifestBytes, true)
  view.setFloat64(bytesAt, head.bytes, true)
  view.setFloat64(headerBytesAt, head.headerBytes, true)
  view.setFloat64(entriesAt, head.entries, true)
  view.setFloat64(directoriesAt, head.directories, true)
  view.setFloat64(directoryLinesAt, head.directoryLines, true)
  bytes.set(Buffer.from(head.topHash, 'hex'), topHashAt)
  for (const [index, name] of sectionNames.entries()) {
    const sectionLength = sections[name].reduce((sum, part) => sum + part.length, 0)
    view.setFloat64(sectionLengthsAt + index * 8, sectionLength, true)
  }
  let at = headBytes
  for (const part of [checksums, ...parts]) {
    bytes.set(part, at)
    at += part.length
  }
  view.setUint32(crcAt, crc32(bytes.subarray(checkedFrom, headBytes + checksums.length)), true)
  return bytes
}

/** What the index shall belong to. */
export interface IndexOwner {
  readonly topHash: string
  /** Length of the manifest in bytes, when it is known. */
  readonly manifestBytes?: number | undefined
}

/** An index taken apart. */
export interface DecodedIndex {
  readonly head: IndexHead
  readonly sections: IndexSections
  /** All sections, one after the other, from the beginning of a page on. */
  readonly body: ReadableBytes
}

/**
 * Takes an index apart: reads its head and the checksums of its pages, nothing else.
 * @throws {QuiltError} `internal`, retryable, when it is cut off, damaged, of another version, or of another manifest
 */
export function decodeIndex(source: IndexSource, owner: IndexOwner): DecodedIndex {
  if (source.length < headBytes) throw unusable('it is not one')
  const start = source.read(0, headBytes)
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  if (Buffer.from(start.subarray(0, 8)).toString('latin1') !== magic) throw unusable('it is not one')
  if (view.getUint32(8, true) !== version) throw unusable('another version of this program made it')
  if (view.getFloat64(lengthAt, true) !== source.length) throw unusable('it is cut off')
  const lengths = sectionNames.map((_, index) => view.getFloat64(sectionLengthsAt + index * 8, true))
  const bodyBytes = lengths.reduce((sum, length) => sum + length, 0)
  const bodyAt = headBytes + Math.ceil(bodyBytes / pageBytes) * 4
  if (bodyAt + bodyBytes !== source.length) throw unusable('its sections do not fit')
  const checksums = source.read(headBytes, bodyAt - headBytes)
  if (view.getUint32(crcAt, true) !== crc32(checksums, crc32(start.subarray(checkedFrom)))) {
    throw unusable('its bytes have changed')
  }
  const head = {
    topHash: Buffer.from(start.subarray(topHashAt, headBytes)).toString('hex'),
    manifestBytes: view.getFloat64(manifestBytesAt, true),
    bytes: view.getFloat64(bytesAt, true),
    headerBytes: view.getFloat64(headerBytesAt, true),
    entries: view.getFloat64(entriesAt, true),
    directories: view.getFloat64(directoriesAt, true),
    directoryLines: view.getFloat64(directoryLinesAt, true),
  }
  if (head.topHash !== owner.topHash) throw unusable('it belongs to another manifest')
  if (owner.manifestBytes !== undefined && head.manifestBytes !== owner.manifestBytes) {
    throw unusable('the manifest has another length now')
  }
  const body = checkedPages(source, bodyAt, checksums)
  let at = 0
  const section = (index: number): ReadableBytes => {
    const length = lengths[index] ?? 0
    at += length
    return partOf(body, at - length, length)
  }
  const sections = {
    directories: section(0),
    entryBlocks: section(1),
    entries: section(2),
    lineBlocks: section(3),
    lines: section(4),
    extensions: section(5),
  }
  return { head, sections, body }
}
