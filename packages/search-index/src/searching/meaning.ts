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
  /** Columns in which words without a field look. Absent: all. */
  readonly textColumns?: readonly string[]
}
