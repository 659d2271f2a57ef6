// A page that is wanted, and the rows that it is made of.
import type { OrderKey } from './order.js'
import type { SqlValue } from './sql.js'

/** A row that was found: its number in this index, and where it stands in the order. */
export interface PlacedRow {
  readonly id: number
  readonly place: readonly SqlValue[]
}

/** Which rows are wanted. */
export interface PageWish {
  /** What orders them, but for the score. */
  readonly keys: readonly OrderKey[]
  /** Where the last page ended. Absent: from the start. */
  readonly after: readonly SqlValue[] | undefined
  readonly limit: number
  readonly signal: AbortSignal | undefined
}
