// Pieces of SQL with their values beside them: what a query says is always a value, never SQL.

export type SqlValue = string | number | null

/** A piece of SQL, and the values of its question marks. */
export interface Sql {
  readonly text: string
  readonly values: readonly SqlValue[]
}

/** Puts pieces together: a piece goes in as it is, anything else is bound. */
export function sql(texts: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql {
  let text = texts[0] ?? ''
  const values: SqlValue[] = []
  for (const [index, part] of parts.entries()) {
    if (typeof part === 'object' && part !== null) {
      text += part.text
      values.push(...part.values)
    } else {
      text += '?'
      values.push(part)
    }
    text += texts[index + 1] ?? ''
  }
  return { text, values }
}

/** Pieces with something between them. @param between SQL of this package, never of a query */
export function joined(pieces: readonly Sql[], between: string): Sql {
  return { text: pieces.map(({ text }) => text).join(between), values: pieces.flatMap(({ values }) => values) }
}

export const always: Sql = { text: '1', values: [] }
export const never: Sql = { text: '0', values: [] }

/** Whether all of the conditions hold. */
export function every(conditions: readonly Sql[]): Sql {
  const others = conditions.filter((condition) => condition !== always)
  if (others.includes(never)) return never
  return others.length < 2 ? (others[0] ?? always) : sql`(${joined(others, ' and ')})`
}

/** Whether one of the conditions holds. */
export function some(conditions: readonly Sql[]): Sql {
  const others = conditions.filter((condition) => condition !== never)
  if (others.includes(always)) return always
  return others.length < 2 ? (others[0] ?? never) : sql`(${joined(others, ' or ')})`
}

/** Whether a condition does not hold; what is unknown to SQL does not. */
export function not(condition: Sql): Sql {
  if (condition === always) return never
  return condition === never ? always : sql`not ifnull(${condition}, 0)`
}
