// What a search asks, as one query: the search string and all filters (formats.md 7.5).
import {
  allOf,
  checkScope,
  fromPlain,
  isJsonObject,
  parseQuery,
  type Query,
  QuiltError,
  type SearchScope,
} from '@quilt-mcp/core'
import { InputRefused } from '../packages/failures.js'
import type { ObjectsAsked, PackagesAsked } from './search-asked.js'
import { objectConditions, packageConditions, userMetaConditions } from './search-filters.js'

/** The query for objects. @throws {InputRefused} that says what in it cannot be read */
export function objectsQuery({ searchString, filter }: ObjectsAsked): Query {
  return allOf([
    ...searchWords(searchString, 'objects'),
    ...readable('filter', () => (filter == null ? [] : objectConditions(filter))),
  ])
}

/** The query for packages. @throws {InputRefused} that says what in it cannot be read */
export function packagesQuery({ searchString, filter, userMetaFilters }: PackagesAsked): Query {
  return allOf([
    ...searchWords(searchString, 'packages'),
    ...readable('filter', () => (filter == null ? [] : packageConditions(filter))),
    ...readable('userMetaFilters', () => userMetaConditions(userMetaFilters ?? [])),
  ])
}

function searchWords(text: string | null | undefined, scope: SearchScope): readonly Query[] {
  return readable('searchString', () => {
    const query = parseQuery(text ?? '')
    checkScope(query, scope)
    return [query]
  })
}

/** What is read of the input. @param path where it stands @throws {InputRefused} for what core calls `invalid_input` */
export function readable<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw asRefusal(path, error)
  }
}

/** An error as a refusal of the input at a path, when it is about the input; else the error itself. */
export function asRefusal(path: string, error: unknown): unknown {
  if (!(error instanceof QuiltError) || error.code !== 'invalid_input') return error
  const message = error.hint === undefined ? error.message : `${error.message}. ${error.hint}`
  const context = fromPlain(error.details ?? {})
  return new InputRefused([
    { path, name: 'InvalidSearch', message, ...(isJsonObject(context) && context.size > 0 && { context }) },
  ])
}
