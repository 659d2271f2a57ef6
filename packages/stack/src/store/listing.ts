// Pages of keys in the order of their UTF-8 bytes. A common prefix costs one step in the index, however many keys are below it.
import type { ListInput } from './object-store.js'

/** Where in the order a read of rows starts. */
export interface Position {
  readonly key: string
  /** Whether rows of `key` itself are read, too. */
  readonly inclusive: boolean
  /** Not inclusive, versions only: first the versions of `key` that are older than this one. */
  readonly olderThan?: string
}

export interface Walked<Row> {
  readonly rows: readonly Row[]
  readonly commonPrefixes: readonly string[]
  /** The row or common prefix that ends the page. Absent when nothing follows it. */
  readonly last?: Row | string
}

const mostRows = 1000
const fewestRows = 4

/** Walks rows in key order from a start, rolls keys up into common prefixes, and stops after `maxKeys` of both.
 * @param read up to `limit` rows from a position, in order
 * @param after the position that follows a row */
export function walk<Row extends { readonly key: string }>(
  input: ListInput,
  start: Position,
  read: (from: Position, limit: number) => readonly Row[],
  after: (row: Row) => Position,
): Walked<Row> {
  const { prefix = '', delimiter, maxKeys } = input
  const rows: Row[] = []
  const commonPrefixes: string[] = []
  let last: Row | string | undefined
  let limit = Math.min(maxKeys + 1, mostRows)
  let from: Position | undefined = start
  while (from !== undefined) {
    const batch = read(from, limit)
    let skipped = 0
    for (const row of batch) {
      if (!row.key.startsWith(prefix)) return { rows, commonPrefixes }
      const rolled = commonPrefixOf(row.key, prefix, delimiter)
      if (rolled !== undefined && rolled === commonPrefixes.at(-1)) {
        skipped += 1
        continue
      }
      if (last !== undefined && rows.length + commonPrefixes.length >= maxKeys) return { rows, commonPrefixes, last }
      last = rolled ?? row
      if (rolled === undefined) rows.push(row)
      else commonPrefixes.push(rolled)
    }
    const end = batch.at(-1)
    if (end === undefined || batch.length < limit) return { rows, commonPrefixes }
    // Rows inside a common prefix are read for nothing: read fewer while the keys lie deep, more while they lie flat.
    limit = skipped > batch.length / 2 ? Math.max(fewestRows, limit >> 2) : Math.min(mostRows, limit << 2)
    const inside = commonPrefixOf(end.key, prefix, delimiter)
    from = inside === undefined ? after(end) : beyond(inside)
  }
  return { rows, commonPrefixes }
}

/** Where a listing starts: at its prefix, or after its marker when that comes later. Undefined: nothing can follow. */
export function startOf(input: ListInput, olderThan?: string): Position | undefined {
  const { prefix = '', delimiter, startAfter } = input
  if (startAfter === undefined || compareKeys(startAfter, prefix) < 0) return { key: prefix, inclusive: true }
  if (commonPrefixOf(startAfter, prefix, delimiter) === startAfter) return beyond(startAfter)
  return { key: startAfter, inclusive: false, ...(olderThan !== undefined && { olderThan }) }
}

/** After every key of the longest length there is (1,024 bytes). */
const afterAllKeys = '\u{10ffff}'.repeat(257)

/** The first key that is no longer in a listing: rows from there on are not read. */
export const endOf = ({ prefix = '' }: ListInput): string => beyond(prefix)?.key ?? afterAllKeys

/** Order of keys in S3: by UTF-8 bytes. (JavaScript's own order of strings differs above U+FFFF.) */
export const compareKeys = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

function commonPrefixOf(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined || delimiter === '' || !key.startsWith(prefix)) return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

/** The first possible key after every key that begins with a prefix: its last character that can be raised is raised. */
function beyond(prefix: string): Position | undefined {
  const characters = Array.from(prefix)
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const codePoint = last.codePointAt(0) ?? 0
    if (codePoint === 0x10ffff) continue
    const next = codePoint === 0xd7ff ? 0xe000 : codePoint + 1 // surrogates are no characters
    return { key: characters.join('') + String.fromCodePoint(next), inclusive: true }
  }
  return undefined
}
