// Reads single lines of a manifest by where an index says they lie: neighbours in one request, several requests at a time.
import { type DirectoryMeta, type Entry, type LineSpan, openManifest, QuiltError } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { ByteRange } from '../../objects/port.js'

/** A line, and the key that it has to hold. */
export interface IndexedLine {
  readonly logicalKey: string
  readonly line: LineSpan
}

/** Reads a part of the manifest. */
export type ReadRange = (range: ByteRange) => Promise<AsyncIterable<Uint8Array>>

/** Bytes that are read in vain rather than asked around. */
const widestGap = 16_384
const mostBytesAtOnce = 4 * 1_048_576
const requestsAtOnce = 8

/** The entries on these lines, in the order given.
 * @throws {QuiltError} `conflict` when a line is not the entry of its key: then the index is not that of this manifest */
export async function entriesAt(read: ReadRange, lines: readonly IndexedLine[]): Promise<readonly Entry[]> {
  const found = new Map<IndexedLine, Entry>()
  const limited = pLimit(requestsAtOnce)
  await limited.map(groupsOf(lines), async (group) => {
    const { entries } = await recordsAt(read, group)
    checkKeys(group, entries)
    for (const [at, entry] of entries.entries()) {
      const line = group[at]
      if (line !== undefined) found.set(line, entry)
    }
  })
  return lines.flatMap((line) => found.get(line) ?? [])
}

/** The metadata of a directory, on its line. Errors as {@link entriesAt}. */
export async function directoryMetaAt(read: ReadRange, line: IndexedLine): Promise<DirectoryMeta> {
  const { directories } = await recordsAt(read, [line])
  checkKeys([line], directories)
  const [directory] = directories
  if (directory === undefined) throw otherLines()
  return directory
}

/** Lines that follow each other closely, put together; in the order of the manifest. */
function groupsOf(lines: readonly IndexedLine[]): readonly (readonly IndexedLine[])[] {
  const groups: IndexedLine[][] = []
  let group: IndexedLine[] = []
  let from = 0
  let end = 0
  for (const line of lines.toSorted((a, b) => a.line.offset - b.line.offset)) {
    const { offset, length } = line.line
    if (group.length === 0 || offset - end > widestGap || offset + length - from > mostBytesAtOnce) {
      group = []
      groups.push(group)
      from = offset
    }
    group.push(line)
    end = offset + length
  }
  return groups
}

interface Records {
  readonly entries: readonly Entry[]
  readonly directories: readonly DirectoryMeta[]
}

/** Reads one group as the manifest that it would be alone: so a line means here what it means there. */
async function recordsAt(read: ReadRange, group: readonly IndexedLine[]): Promise<Records> {
  const first = group[0]?.line.offset ?? 0
  const { offset, length } = group.at(-1)?.line ?? { offset: 0, length: 0 }
  const end = offset + length
  const bytes = await exactly(end - first, await read({ first, last: end - 1 }))
  const records = { entries: [] as Entry[], directories: [] as DirectoryMeta[] }
  try {
    const { lines } = await openManifest(asManifest(bytes, first, group))
    for await (const batch of lines) {
      records.entries.push(...batch.entries)
      records.directories.push(...batch.directories)
    }
    return records
  } catch (cause) {
    // The manifest was read whole when the index was built, and was sound.
    if (cause instanceof QuiltError) throw otherLines(cause)
    throw cause
  }
}

async function* asManifest(bytes: Uint8Array, first: number, group: readonly IndexedLine[]) {
  yield Buffer.from('{}\n')
  for (const { line } of group) {
    const from = line.offset - first
    yield Buffer.concat([bytes.subarray(from, from + line.length), Buffer.from('\n')])
  }
}

async function exactly(length: number, body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let at = 0
  for await (const chunk of body) {
    if (at + chunk.length > length) throw wrongLength(length)
    bytes.set(chunk, at)
    at += chunk.length
  }
  if (at !== length) throw wrongLength(length)
  return bytes
}

function checkKeys(lines: readonly IndexedLine[], records: readonly { readonly logicalKey: string }[]): void {
  const fits = records.length === lines.length && lines.every((line, at) => line.logicalKey === records[at]?.logicalKey)
  if (!fits) throw otherLines()
}

/** The error for an index that is not that of these bytes. */
export function otherLines(cause?: unknown): QuiltError {
  return new QuiltError('conflict', 'The manifest holds other lines than its index says', {
    hint: 'It was rewritten meanwhile; try again.',
    retryable: true,
    cause,
  })
}

function wrongLength(length: number): QuiltError {
  return new QuiltError('upstream', `A part of ${length} bytes was asked for, and another one came`, {
    hint: 'Check that no proxy changes answers of the store.',
  })
}
