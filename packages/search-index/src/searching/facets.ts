// Which values there are among what was found.
import { type FacetRequest, QuiltError, type SearchScope } from '@quilt-mcp/core'
import { type FacetPart, rangePart } from './facet-part.js'
import type { Found } from './found.js'
import type { Meaning } from './meaning.js'
import { rowOfAll, rowsOf, type SqlRow, textIn } from './rows.js'
import { always, joined, type Sql, sql } from './sql.js'

const columns: { readonly [scope in SearchScope]: { readonly [field in FacetRequest['field']]?: Sql } } = {
  packages: { workflow: sql`r.workflow`, size: sql`r.size`, modified: sql`r.modified`, entries: sql`r.entries` },
  entries: { ext: sql`e.ext`, size: sql`e.size`, modified: sql`r.modified`, workflow: sql`r.workflow` },
  objects: { ext: sql`o.ext`, size: sql`o.size`, modified: sql`o.modified` },
}

/** @throws {QuiltError} `invalid_input` for a facet that the scope does not have */
export function checkFacet({ field }: FacetRequest, scope: SearchScope): void {
  const known = [...Object.keys(columns[scope]), ...(scope === 'objects' ? [] : ['meta'])]
  if (known.includes(field)) return
  throw new QuiltError('invalid_input', `${scope} have no facet ${field}`, {
    hint: `Ask for ${known.join(', ')}.`,
    details: { facets: known },
  })
}

/** What an index says of facets of columns: the rows are looked at once for all of them. Those of metadata are left out. */
export function columnFacets(
  facets: readonly FacetRequest[],
  found: Found,
  meaning: Meaning,
): ReadonlyMap<FacetRequest, FacetPart> {
  const { db, scope } = meaning
  const parts = new Map<FacetRequest, FacetPart>()
  const wishes: { readonly facet: FacetRequest; readonly column: Sql }[] = []
  for (const facet of facets) {
    const column = columns[scope][facet.field]
    const counts = facet.field === 'ext' ? countedExtensions(found, meaning) : undefined
    if (counts !== undefined) parts.set(facet, counts)
    else if (column !== undefined) wishes.push({ facet, column })
  }
  if (wishes.length === 0) return parts
  const isOfRevision = wishes.some(({ column }) => column.text.startsWith('r.'))
  const asked = wishes.flatMap(({ facet, column }) =>
    isCounted(facet) ? [sql`json_group_array(${column})`] : [sql`min(${column})`, sql`max(${column})`],
  )
  const told = rowOfAll(db, sql`select ${joined(asked, ', ')} ${isOfRevision ? found.whole : found.own}`)
  let at = 0
  for (const { facet } of wishes) {
    const own: SqlRow = told.slice(at, at + (isCounted(facet) ? 1 : 2))
    at += own.length
    parts.set(facet, isCounted(facet) ? countedValues(own) : rangePart(own, facet.field === 'modified'))
  }
  return parts
}

const isCounted = ({ field }: FacetRequest): boolean => field === 'ext' || field === 'workflow'

/** How often each value stands in a list. SQLite would sort the rows to count them; a list of them all takes a quarter of the time. */
function countedValues([list]: SqlRow): FacetPart {
  const listed: unknown = JSON.parse(textIn(list) ?? '[]')
  const values = new Map<string, number>()
  for (const value of Array.isArray(listed) ? listed : []) {
    if (typeof value === 'string') values.set(value, (values.get(value) ?? 0) + 1)
  }
  return { kind: 'values', values }
}

/** The extensions of all files of packages, or of all objects, which are counted already. Undefined: they are not. */
function countedExtensions({ allOf, own }: Found, { db, scope }: Meaning): FacetPart | undefined {
  const counted =
    allOf !== undefined
      ? sql`select x.ext, sum(x.entries) ${extensionsOf(allOf)} group by 1`
      : scope === 'objects' && own.values.length === 0
        ? sql`select o.ext, count(*) ${own} group by 1`
        : undefined
  if (counted === undefined) return undefined
  const values = rowsOf(db, counted).flatMap(([ext, count]) =>
    typeof ext === 'string' ? [[ext, Number(count)] as const] : [],
  )
  return { kind: 'values', values: new Map(values) }
}

const extensionsOf = (ofPackages: Sql): Sql =>
  ofPackages === always
    ? sql`from entry_ext x`
    : sql`from revision r cross join entry_ext x on x.revision = r.id where r.is_latest = 1 and ${ofPackages}`
