// An index as bytes: a head of fixed length that says what it belongs to, then its sections.
import { crc32 } from 'node:zlib'
import { QuiltError } from '../../errors.js'

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

/** The sections, in the order in which they lie. */
export interface IndexSections {
  readonly directories: Uint8Array
  readonly entryBlocks: Uint8Array
  readonly entries: Uint8Array
  readonly lineBlocks: Uint8Array
  readonly lines: Uint8Array
  /** JSON text. */
  readonly extensions: Uint8Array
}

const magic = 'quiltidx'
const version = 1
const sectionNames = ['directories', 'entryBlocks', 'entries', 'lineBlocks', 'lines', 'extensions'] as const
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

/** Joins the parts of an index. All numbers are little-endian doubles but version and checksum. */
export function encodeIndex(head: IndexHead, sections: IndexSections): Uint8Array {
  const parts = sectionNames.map((name) => sections[name])
  const length = parts.reduce((sum, part) => sum + part.length, headBytes)
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
  let at = headBytes
  for (const [index, part] of parts.entries()) {
    view.setFloat64(sectionLengthsAt + index * 8, part.length, true)
    bytes.set(part, at)
    at += part.length
  }
  view.setUint32(crcAt, crc32(bytes.subarray(checkedFrom)), true)
  return bytes
}

/** What the index shall belong to. */
export interface IndexOwner {
  readonly topHash: string
  /** Length of the manifest in bytes, when it is known. */
  readonly manifestBytes?: number | undefined
}

/**
 * Takes an index apart, without copying.
 * @throws {QuiltError} `internal`, retryable, when it is cut off, damaged, of another version, or of another manifest
 */
export function decodeIndex(bytes: Uint8Array, owner: IndexOwner): { head: IndexHead; sections: IndexSections } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < headBytes || Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== magic) {
    throw unusable('it is not one')
  }
  if (view.getUint32(8, true) !== version) throw unusable('another version of this program made it')
  if (view.getFloat64(lengthAt, true) !== bytes.length) throw unusable('it is cut off')
  if (view.getUint32(crcAt, true) !== crc32(bytes.subarray(checkedFrom))) throw unusable('its bytes have changed')
  const head = {
    topHash: Buffer.from(bytes.subarray(topHashAt, headBytes)).toString('hex'),
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
  let at = headBytes
  const section = (index: number): Uint8Array => {
    const from = at
    at += view.getFloat64(sectionLengthsAt + index * 8, true)
    return bytes.subarray(from, at)
  }
  const sections = {
    directories: section(0),
    entryBlocks: section(1),
    entries: section(2),
    lineBlocks: section(3),
    lines: section(4),
    extensions: section(5),
  }
  if (at !== bytes.length) throw unusable('its sections do not fit')
  return { head, sections }
}

/** The error for an index that cannot be used. It holds nothing that the manifest does not: the way out is a new one. */
export function unusable(reason: string, cause?: unknown): QuiltError {
  return new QuiltError('internal', `the index of the manifest cannot be used: ${reason}`, {
    hint: 'Delete it and build it again from the manifest.',
    retryable: true,
    cause,
  })
}
