// What the conditions of one search are made for.
import type { SearchScope } from '@quilt-mcp/core'
import type Database from 'libsql'

export type Db = Database.Database

/** One index, and what is sought in it. */
export interface Meaning {
  readonly db: Db
  readonly bucket: string
  readonly scope: SearchScope
  /** Milliseconds since 1970: what `now-30d` counts from. */
  readonly nowMs: number
  readonly costs: Costs
  /** Columns in which words without a field look. Absent: all. */
  readonly textColumns?: readonly string[]
}

/** From where on one way is faster than another. None of them changes what is found. */
export interface Costs {
  /** So many files are ordered by looking at all of them. */
  readonly fewRows: number
  /** Of so many rows the numbers are listed. */
  readonly listed: number
  /** So many packages are looked through one by one sooner than all rows that hold a word. */
  readonly fewPackages: number
  /** Of so many stretches of rows each is looked through by itself, sooner than all rows that hold a word. */
  readonly fewStretches: number
  /** Of so many rows that hold a word each is looked at sooner than all rows there are. */
  readonly narrow: number
  /** How much longer it takes to ask whether one row holds a word than to take one of those that do. */
  readonly askingOne: number
}

/** Measured with 1,000,000 entries in 5,000 packages. */
export const usualCosts: Costs = {
  fewRows: 2_000,
  listed: 30_000,
  fewPackages: 300,
  fewStretches: 20,
  narrow: 50_000,
  askingOne: 30,
}
