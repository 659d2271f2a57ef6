// Values of user metadata among what was found, and at which paths they stand.
import { foldText, type MetaType, metaValues, parseJson } from '@quilt-mcp/core'
import { metaOfEntry } from './entry-rest.js'
import { type FacetPart, mostFacetValues, rangePart } from './facet-part.js'
import type { Found } from './found.js'
import type { Meaning } from './meaning.js'
import { rowOfAll, rowsOf, textIn } from './rows.js'
import { type Sql, sql } from './sql.js'

/** Paths with their types; of one path its values, counted, or how far they go. What most values of a path are decides which. */
export function metaFacetPart(path: string | undefined, found: Found, meaning: Meaning): FacetPart {
  const values = valuesOf(found, meaning)
  if (path === undefined) {
    const paths = rowsOf(
      meaning.db,
      sql`select distinct v.path, v.type ${values} order by 1, 2 limit ${mostFacetValues + 1}`,
    )
    return { kind: 'paths', paths: paths.flatMap(([at, type]) => pathOf(textIn(at), textIn(type))) }
  }
  const atPath = sql`${values} and v.path = ${path}`
  const [mostly] = rowsOf(meaning.db, sql`select v.type, count(*) ${atPath} group by 1 order by 2 desc, 1 limit 1`)
  const type = typeOf(textIn(mostly?.[0]))
  const ofType = sql`${atPath} and v.type = ${type ?? ''}`
  if (type === 'number' || type === 'datetime') {
    return rangePart(rowOfAll(meaning.db, sql`select min(v.number), max(v.number) ${ofType}`), type === 'datetime')
  }
  if (type === 'boolean') return booleans(ofType, meaning)
  return type === 'keyword' ? keywords(path, ofType, meaning) : { kind: 'values', values: new Map() }
}

function valuesOf({ own }: Found, { scope }: Meaning): Sql {
  return scope === 'packages'
    ? sql`from revision_value v where v.revision in (select r.id ${own})`
    : sql`from entry_value v where v.entry in (select e.id ${own})`
}

function booleans(ofType: Sql, { db }: Meaning): FacetPart {
  const counted = rowsOf(db, sql`select v.number, count(*) ${ofType} group by 1`)
  return { kind: 'values', values: new Map(counted.map(([value, count]) => [value === 1, Number(count)])) }
}

function keywords(path: string, ofType: Sql, { db, scope }: Meaning): FacetPart {
  const owner = scope === 'packages' ? sql`v.revision` : sql`v.entry`
  const meta =
    scope === 'packages' ? sql`(select meta from revision where id = counted.owner)` : metaOfEntry(sql`counted.owner`)
  const counted = rowsOf(
    db,
    sql`select counted.text, counted.owners, ${meta} from (
      select v.text, count(*) as owners, min(${owner}) as owner ${ofType} group by 1 order by 2 desc, 1 limit ${mostFacetValues + 1}
    ) counted`,
  )
  return {
    kind: 'values',
    values: new Map(
      counted.map(([folded, count, meta]) => [asWritten(textIn(folded) ?? '', path, textIn(meta)), Number(count)]),
    ),
  }
}

/** Values are kept as they are compared; the metadata of one that has it says how it is written. */
function asWritten(folded: string, path: string, meta: string | undefined): string {
  const values = meta === undefined ? [] : metaValues(parseJson(meta))
  return values.find((value) => value.path === path && foldText(value.text ?? '') === folded)?.text ?? folded
}

const types: readonly MetaType[] = ['number', 'datetime', 'keyword', 'text', 'boolean']

const typeOf = (text: string | undefined): MetaType | undefined => types.find((type) => type === text)

function pathOf(path: string | undefined, typeText: string | undefined) {
  const type = typeOf(typeText)
  return path === undefined || type === undefined ? [] : [{ path, type }]
}
