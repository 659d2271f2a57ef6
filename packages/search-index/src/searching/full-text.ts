// What is asked of the full text index, in its own syntax: only words made by `searchWords`, in quotation marks.
import { searchWords } from '@quilt-mcp/core'

/** Words one after the other. Undefined: there are none, so nothing has them. */
export function phraseOf(text: string): string | undefined {
  const words = searchWords(text)
  return words.length === 0 ? undefined : `"${words.join(' ')}"`
}

/** Words that begin so. @param start one word */
export const startingWith = (start: string): string => `"${start}" *`

/** Only in these columns. */
export const inColumns = (columns: readonly string[], expression: string): string =>
  columns.length === 0 ? expression : `{${columns.join(' ')}} : (${expression})`

export const allOfText = (expressions: readonly string[]): string =>
  expressions.length < 2 ? expressions.join('') : expressions.map((one) => `(${one})`).join(' AND ')

export const anyOfText = (expressions: readonly string[]): string =>
  expressions.length < 2 ? expressions.join('') : expressions.map((one) => `(${one})`).join(' OR ')

export const butNot = (expression: string, others: readonly string[]): string =>
  others.length === 0 ? expression : `(${expression}) NOT (${anyOfText(others)})`

/** No text has this word, as it is none. */
export const nothing = '"¬"'
