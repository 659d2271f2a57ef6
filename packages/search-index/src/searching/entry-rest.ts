// What is only shown of an entry (schema.ts): as columns of a row of `entry e`.
import { type Sql, sql } from './sql.js'

/** Several entries share a row: the last one that begins at or before this entry. */
const rest = (entry: Sql, place: 0 | 1): Sql =>
  sql`(select x.rest ->> ('$[' || (${entry} - x.first_entry) || ${{ text: `'][${place}]'`, values: [] }})
    from entry_rest x where x.first_entry <= ${entry} order by x.first_entry desc limit 1)`

export const physicalKey: Sql = rest(sql`e.id`, 0)

/** User metadata as JSON text. @param entry its number */
export const metaOfEntry = (entry: Sql): Sql => rest(entry, 1)

export const entryMeta: Sql = metaOfEntry(sql`e.id`)
