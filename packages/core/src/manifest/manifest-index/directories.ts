// The directories of a manifest in tree order. In that order all that is below a directory is one run of entries, so a
// directory is: its first entry, how many, how many bytes, and which directory comes next behind it.
import { QuiltError } from '../../errors.js'
import type { KeyBytes } from '../key-bytes.js'
import type { ReadableBytes } from './pages.js'
import { recordTable } from './record-table.js'

const recordBytes = 24
const firstAt = 0
const countAt = 4
const nextAt = 8
const depthAt = 12
const bytesAt = 16
const slash = 0x2f
const maxDirectories = 4_000_000

/** Writes directories while entries pass in tree order. The root is number 0. */
export function directoryWriter() {
  const table = recordTable()
  /** Of the directories that are open, outermost first: their number, and the length of their path with its slash. */
  const openIds: number[] = []
  const openEnds: number[] = []
  let directories = 0
  let entries = 0
  let bytes = 0

  const open = (pathEnd: number): void => {
    if (directories === maxDirectories) throw tooMany()
    const at = table.record(recordBytes)
    table.setUint32(at + firstAt, entries)
    table.setUint32(at + depthAt, openIds.length)
    table.setFloat64(at + bytesAt, bytes)
    openIds.push(directories++)
    openEnds.push(pathEnd)
  }
  const close = (): void => {
    openEnds.pop()
    const at = (openIds.pop() ?? 0) * recordBytes
    table.setUint32(at + countAt, entries - table.getUint32(at + firstAt))
    table.setUint32(at + nextAt, directories)
    table.setFloat64(at + bytesAt, bytes - table.getFloat64(at + bytesAt))
  }
  open(0)
  return {
    /** @param shared how many bytes the key shares with the one before */
    add(key: KeyBytes, shared: number, size: number): void {
      while ((openEnds[openEnds.length - 1] ?? 0) > shared) close()
      const length = key.end - key.from
      for (let at = openEnds[openEnds.length - 1] ?? 0; at < length; at++) {
        if (key.bytes[key.from + at] === slash) open(at + 1)
      }
      entries++
      bytes += size
    },
    /** Further entries in the directory of the last one. */
    addMore(count: number, size: number): void {
      entries += count
      bytes += size
    },
    /** The table, once no entry is left. */
    finish(): { readonly count: number; readonly table: Uint8Array } {
      while (openIds.length > 0) close()
      return { count: directories, table: table.written() }
    },
  }
}

/** Reads the table of directories. */
export interface Directories {
  /** Number of the directory whose entries begin there, at that depth. Undefined when there is none. */
  find(firstEntry: number, depth: number): number | undefined
  first(directory: number): number
  /** Entries in and below it. */
  count(directory: number): number
  /** Bytes in and below it. */
  bytes(directory: number): number
  /** The next directory that is not below it. */
  next(directory: number): number
}

/** @throws RangeError from its functions when the table is cut off */
export function directoriesFrom(count: number, table: ReadableBytes): Directories {
  const record = (directory: number): DataView => {
    const bytes = table.bytes(directory * recordBytes, recordBytes)
    return new DataView(bytes.buffer, bytes.byteOffset, recordBytes)
  }
  const field = (directory: number, at: number): number => record(directory).getUint32(at, true)
  return {
    find(firstEntry, depth) {
      let low = 0
      let high = count
      while (low < high) {
        const middle = (low + high) >>> 1
        const ahead = field(middle, firstAt) - firstEntry || field(middle, depthAt) - depth
        if (ahead === 0) return middle
        if (ahead < 0) low = middle + 1
        else high = middle
      }
      return undefined
    },
    first: (directory) => field(directory, firstAt),
    count: (directory) => field(directory, countAt),
    bytes: (directory) => record(directory).getFloat64(bytesAt, true),
    next(directory) {
      const next = field(directory, nextAt)
      if (next <= directory) throw new RangeError('a directory ends before it begins')
      return next
    },
  }
}

function tooMany(): QuiltError {
  return new QuiltError('unsupported', `the manifest has more than ${maxDirectories} directories`, {
    hint: 'Read its entries one after the other instead.',
  })
}
