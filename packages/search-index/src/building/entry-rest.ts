// What is only shown of entries: read for a page of hits, and so kept in few long rows.
import type { Row } from './insert.js'

/** Physical key, and user metadata as JSON text. */
export type EntryRest = readonly [physicalKey: string, userMeta: string | null]

/** More are faster to write, and slower to read one of. */
const entriesInRow = 32

/** Gathers them, of entries whose numbers follow each other, and writes them in rows. */
export function restOfEntries(write: (row: Row) => void) {
  let first = 0
  let gathered: EntryRest[] = []
  const end = (): void => {
    if (gathered.length > 0) write([first, JSON.stringify(gathered)])
    gathered = []
  }
  return {
    add(entry: number, rest: EntryRest): void {
      if (gathered.length === 0) first = entry
      gathered.push(rest)
      if (gathered.length === entriesInRow) end()
    },
    /** Writes what is left. */
    end,
  }
}
