// Writes a manifest, byte for byte as quilt3 does (formats.md 2.1 to 2.6).
import { QuiltError } from '../errors.js'
import { encodeManifestJson } from '../json/encode.js'
import type { DirectoryMeta, Entry, ManifestHeader } from './entry.js'
import { createOrderCheck } from './order.js'
import { ordinaryLines } from './ordinary-lines/write.js'
import { directoryLine, entryLine } from './record.js'

/** What a manifest holds. */
export interface ManifestContent {
  readonly header: ManifestHeader
  /** In tree order. Those whose metadata is empty are not written. Default none. */
  readonly directories?: readonly DirectoryMeta[] | undefined
  /** All entries in tree order, in batches of any size. */
  readonly entries: Iterable<readonly Entry[]> | AsyncIterable<readonly Entry[]>
}

/** Longest line of a manifest, in UTF-8 bytes without its end (formats.md 2.6). */
export const maxManifestRecordBytes = 1_000_000

/**
 * The bytes of a manifest, one chunk a batch of entries.
 * @throws {QuiltError} `invalid_input` when entries or directories are not in tree order or come twice, a line is
 *   longer than 1,000,000 bytes, or a value cannot be written (NaN, lone surrogates)
 */
export async function* writeManifest({
  header,
  directories = [],
  entries,
}: ManifestContent): AsyncGenerator<Uint8Array, void, undefined> {
  const checkDirectory = createOrderCheck()
  yield lineBytes(encodeManifestJson(header), 'header')
  const directoryLines: string[] = []
  for (const directory of directories) {
    checkDirectory(directory.logicalKey)
    const line = directoryLine(directory)
    if (line !== undefined) directoryLines.push(checkRecord(line, directory.logicalKey))
  }
  if (directoryLines.length > 0) yield encodeLines(directoryLines)
  let after: string | undefined
  for await (const batch of entries) {
    if (batch.length === 0) continue
    yield ordinaryLines(after, batch) ?? entryLines(after, batch)
    after = batch.at(-1)?.logicalKey
  }
}

/** The lines of entries, each looked at. */
function entryLines(after: string | undefined, entries: readonly Entry[]): Uint8Array {
  const check = createOrderCheck(after)
  const lines = entries.map((entry) => {
    check(entry.logicalKey)
    return checkRecord(entryLine(entry), entry.logicalKey)
  })
  return encodeLines(lines)
}

/** A line with its end. @throws {QuiltError} `invalid_input` when it is longer than 1,000,000 bytes */
export function lineBytes(line: string, subject: string): Uint8Array {
  return encodeLines([checkRecord(line, subject)])
}

function encodeLines(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${lines.join('\n')}\n`)
}

function checkRecord(line: string, subject: string): string {
  // A UTF-16 unit takes at most three bytes: most lines need no counting.
  if (line.length * 3 <= maxManifestRecordBytes || Buffer.byteLength(line) <= maxManifestRecordBytes) return line
  throw new QuiltError(
    'invalid_input',
    `the record of ${JSON.stringify(subject)} is longer than ${maxManifestRecordBytes} bytes`,
    {
      hint: 'Move large metadata into a file of the package.',
    },
  )
}
