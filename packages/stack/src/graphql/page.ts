// Numbered pages: 1-based (formats.md 7.1).
import { GraphQLError } from 'graphql'

export interface PageArgs {
  readonly number?: number | null
  readonly perPage?: number | null
}

const mostPerPage = 1_000

/** The items of one page; none after the last page. @throws {GraphQLError} when there is no such page at all */
export function pageOf<T>(items: readonly T[], { number, perPage }: PageArgs, defaultPerPage: number): readonly T[] {
  const length = perPage ?? defaultPerPage
  const page = number ?? 1
  if (page < 1) throw new GraphQLError(`number is ${page}: pages are counted from 1`)
  if (length < 1 || length > mostPerPage) throw new GraphQLError(`perPage is ${length}: it is 1 to ${mostPerPage}`)
  return items.slice((page - 1) * length, page * length)
}
