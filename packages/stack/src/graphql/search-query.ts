// What a search asks, as one query: the search string and all filters (formats.md 7.5).
import {
  allOf,
  checkScope,
  checkTerms,
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
  return together([
    ...searchWords(searchString, 'objects'),
    ...readable('filter', () => (filter == null ? [] : objectConditions(filter))),
  ])
}

/** The query for packages. @throws {InputRefused} that says what in it cannot be read */
export function packagesQuery({ searchString, filter, userMetaFilters }: PackagesAsked): Query {
  return together([
    ...searchWords(searchString, 'packages'),
    ...readable('filter', () => (filter == null ? [] : packageConditions(filter))),
    ...readable('userMetaFilters', () => userMetaConditions(userMetaFilters ?? [])),
  ])
}

/** The query for files of packages, when the search string says what only files have: their words, sizes, metadata. Undefined: it does not.
 * @throws {InputRefused} that says what in it cannot be read */
export function filesQuery({ searchString, filter, userMetaFilters }: PackagesAsked): Query | undefined {
  const outside = (searchString ?? '').replace(/"(?:\\[\s\S]|[^"\\])*"/g, '""')
  if (!saysOfFilesOnly(outside)) return undefined
  if (filter?.size != null || filter?.entries != null || (userMetaFilters ?? []).length > 0) {
    const message = 'Sizes, counts and metadata of packages are not asked for beside those of their files.'
    throw new InputRefused([{ path: 'filter', name: 'InvalidSearch', message }])
  }
  return together([
    ...searchWords(searchString, 'entries'),
    ...readable('filter', () => (filter == null ? [] : packageConditions(filter))),
  ])
}

/** Whether a search string, without what it quotes, is about one document of a file: it names what only those have, or says of files alone what
 * one must not be (of a package that would be said of all of its files). */
function saysOfFilesOnly(outside: string): boolean {
  const fields = [...outside.matchAll(/(?<![\w.\\/])(?:_exists_:([A-Za-z_][\w.]*)|([A-Za-z_][\w.]*)(?=:))/g)].map(
    ([, existing, named = '']) => existing ?? named,
  )
  if (fields.some((name) => /^entry_(?:lk\.text|size|metadata)$/.test(name))) return true
  const isWithout = /(?:^|[\s(])(?:NOT\s|[-!])/.test(outside)
  return isWithout && fields.length > 0 && fields.every((name) => name.startsWith('entry_'))
}

/** The conditions as one query, if an index takes so many. */
function together(conditions: readonly Query[]): Query {
  const query = allOf(conditions)
  readable('filter', () => checkTerms(query))
  return query
}

function searchWords(text: string | null | undefined, scope: SearchScope): readonly Query[] {
  return readable('searchString', () => {
    const query = parseQuery(text ?? '')
    checkScope(query, scope)
    return [query]
  })
}

/** What is read of the input. @param path where it stands @throws {InputRefused} for what core calls `invalid_input` */
function readable<T>(path: string, read: () => T): T {
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
