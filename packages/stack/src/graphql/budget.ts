// How much one request may be answered with: aliases ask for the same thing hundreds of times in few words.
import { GraphQLError } from 'graphql'
import type { GraphqlContext } from './caller.js'

const mostEntries = 200_000

/** Counts the entries that the requests under way are answered with. */
export function entryBudget(): (context: GraphqlContext, entries: number) => void {
  const given = new WeakMap<GraphqlContext, number>()
  return (context, entries) => {
    const before = given.get(context) ?? 0
    // The first list is as long as it is: there is no other way to ask for it.
    if (before > 0 && before + entries > mostEntries)
      throw new GraphQLError(`One request is answered with ${mostEntries} entries at most: ask for less at once`)
    given.set(context, before + entries)
  }
}

const mostSearches = 100

/** Counts how often the requests under way look into the search indexes. */
export function searchBudget(): (context: GraphqlContext) => void {
  const made = new WeakMap<GraphqlContext, number>()
  return (context) => {
    const searches = (made.get(context) ?? 0) + 1
    if (searches > mostSearches)
      throw new GraphQLError(`One request searches ${mostSearches} times at most: ask for less at once`)
    made.set(context, searches)
  }
}
