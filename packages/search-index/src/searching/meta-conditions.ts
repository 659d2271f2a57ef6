// User metadata: typed values at their paths (formats.md 6.3).
import { type FieldMatch, isWordPattern, metaReadings, type PatternPart, searchWords } from '@quilt-mcp/core'
import { fits } from './glob.js'
import { keywordCondition } from './keyword-conditions.js'
import { inRange, scaleOfRange } from './ranges.js'
import { every, joined, never, type Sql, sql } from './sql.js'

/** The owners of values that are what a term asks for: one question for each type, as each has its index.
 * @param path JSON pointer; empty: any */
export function ownersOfValues(table: 'revision' | 'entry', { path, match }: MetaTerm, nowMs: number): Sql {
  const atPath = path === '' ? [] : [sql`v.path = ${path}`]
  const rows = { text: `select v.${table} from ${table}_value v where `, values: [] }
  const owners = valueConditions(match, nowMs).map((condition) => sql`${rows}${every([...atPath, condition])}`)
  return owners.length === 0 ? sql`select null where 0` : joined(owners, ' union all ')
}

interface MetaTerm {
  readonly path: string
  readonly match: FieldMatch
}

/** Says so to SQLite, whose index of texts holds no other values. */
const isText = sql`v.text is not null`

function valueConditions(match: FieldMatch, nowMs: number): readonly Sql[] {
  switch (match.by) {
    case 'exists':
      return [sql`v.type is not null`]
    case 'boolean':
      return [sql`(v.type = 'boolean' and v.number = ${Number(match.value)})`]
    case 'range': {
      const type = scaleOfRange(match)
      if (type === undefined) return []
      return [
        every([
          sql`v.type = ${type}`,
          inRange(type === 'keyword' ? sql`v.text` : sql`v.number`, match, { type, nowMs }),
        ]),
      ]
    }
    case 'wildcard':
      return [
        every([sql`v.type = 'keyword'`, fits(sql`v.text`, match.pattern)]),
        every([sql`v.type = 'text'`, isText, wordFits(match.pattern)]),
      ]
    default:
      return [
        every([sql`v.type = 'keyword'`, keywordCondition(sql`v.text`, match, nowMs)]),
        every([sql`v.type = 'text'`, isText, hasWords(match.text)]),
        ...metaReadings(match.text).flatMap((reading) => valueConditions(reading, nowMs)),
      ]
  }
}

/** Of text the words are kept, with blanks between them. */
function hasWords(text: string): Sql {
  const words = searchWords(text)
  return words.length === 0 ? never : sql`instr(' ' || v.text || ' ', ${` ${words.join(' ')} `}) > 0`
}

function wordFits(pattern: readonly PatternPart[]): Sql {
  if (!isWordPattern(pattern)) return never
  // Words are letters, marks and digits: they stand in JSON as they are.
  const words = sql`json_each('["' || replace(v.text, ' ', '","') || '"]') word`
  return sql`exists (select 1 from ${words} where ${fits(sql`word.value`, pattern)})`
}

/** Whether metadata has any member. @param meta as JSON text */
export const anyMeta = (meta: Sql): Sql => sql`(${meta} like '{_%}' and ${meta} <> '{}')`
