// One search at the registry: its calls, each told in `sent`, each in the form that the registry understands.
import type { MetaType, SearchOrder, SearchScope, SentSearch } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { RegistryGraphql } from '../../registry-api/graphql.js'
import type { Operation } from '../../registry-api/operation.js'
import { bucketsQuery } from '../../registry-api/operations/buckets.js'
import { searchMoreObjectsQuery } from '../../registry-api/operations/search-more-objects.js'
import { searchMorePackagesQuery } from '../../registry-api/operations/search-more-packages.js'
import { searchObjectsQuery } from '../../registry-api/operations/search-objects.js'
import { searchPackageFacetsQuery } from '../../registry-api/operations/search-package-facets.js'
import { searchPackagesQuery } from '../../registry-api/operations/search-packages.js'
import type { FoundMetaFacet, FoundObjects, FoundPackages } from '../../registry-api/search-answers.js'
import type { ObjectsAsked, PackagesAsked, PartsAsked } from '../../registry-api/search-input.js'
import { olderSearchPackagesQuery } from './older-search-packages.js'
import { searchFailure } from './search-failures.js'
import { hasNoSearch, maybeUnknownForm, type SearchForms } from './search-forms.js'
import { orderingOf, resultOrderOf } from './search-orders.js'
import { progressEveryMs, whileWaiting } from './waiting.js'

export interface RegistryCallsDeps {
  readonly graphql: RegistryGraphql
  /** What the stack is called: under it is remembered which form of search it understands. */
  readonly stack: string
  readonly forms: SearchForms
  readonly progressEveryMs?: number | undefined
}

/** How packages are ordered. `type` of the metadata that they are ordered by. */
export interface PackagesOrder {
  readonly order: SearchOrder | undefined
  readonly type?: MetaType | undefined
  readonly scope: SearchScope
}

/** Makes the calls of one search. */
export function registryCalls(deps: RegistryCallsDeps, options: CallOptions) {
  const { graphql, stack, forms } = deps
  const sent: SentSearch[] = []

  const run = async <Variables extends object, Data>(
    operation: Operation<Variables, Data>,
    variables: Variables,
  ): Promise<Data> => {
    const name = /query (\w+)/.exec(operation.document)?.[1] ?? 'search'
    sent.push({ to: `GraphQL ${name.charAt(0).toLowerCase()}${name.slice(1)}`, asked: askedOf(variables) })
    const work = graphql.run(operation, variables, options)
    const message = `${operation.attempt}: waiting for the registry`
    return whileWaiting(work, options, { message, everyMs: deps.progressEveryMs ?? progressEveryMs })
  }
  const translated = async <T>(attempt: string, work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      if (hasNoSearch(error)) forms.remember(stack, 'rest')
      throw searchFailure(error, attempt)
    }
  }

  const older = (asked: PackagesAsked & PartsAsked, { order, scope }: PackagesOrder): Promise<FoundPackages> =>
    run(olderSearchPackagesQuery, { ...asked, order: resultOrderOf(order, scope) })

  const packages = async (asked: PackagesAsked & PartsAsked, order: PackagesOrder): Promise<FoundPackages> => {
    const form = forms.of(stack)
    if (form === 'order') return older(asked, order)
    try {
      const found = await run(searchPackagesQuery, { ...asked, ordering: orderingOf(order.order, order.type) })
      // Where nothing is found the first page, with its order, has not been made.
      if (found.page !== undefined) forms.remember(stack, 'ordering')
      return found
    } catch (error) {
      if (form !== undefined || hasNoSearch(error) || !maybeUnknownForm(error)) throw error
      const found = await olderOr(error, asked)
      forms.remember(stack, 'order')
      // Seen in the plain order only to know the form.
      return order.order === undefined ? found : older(asked, order)
    }
  }
  /** When the older form fails, too, the form was not what was wrong. */
  const olderOr = async (first: unknown, asked: PackagesAsked & PartsAsked): Promise<FoundPackages> => {
    try {
      return await older(asked, { order: undefined, scope: 'packages' })
    } catch (error) {
      if (maybeUnknownForm(error) && !hasNoSearch(error)) throw first
      throw error
    }
  }

  return {
    /** What was asked, in its order. */
    sent,
    /** The buckets that the caller may see. */
    visibleBuckets: async (): Promise<readonly string[]> => {
      const { buckets } = await graphql.run(bucketsQuery, {}, options)
      return buckets.map(({ name }) => name)
    },
    packages: (asked: PackagesAsked & PartsAsked, order: PackagesOrder) =>
      translated('Searching packages', packages(asked, order)),
    morePackages: (after: string, size: number) =>
      translated('Searching packages', run(searchMorePackagesQuery, { after, size })),
    metaFacets: (asked: PackagesAsked, path: string): Promise<readonly FoundMetaFacet[]> =>
      translated('Looking at metadata', run(searchPackageFacetsQuery, { ...asked, path })),
    objects: (asked: ObjectsAsked & PartsAsked, order: SearchOrder | undefined): Promise<FoundObjects> =>
      translated('Searching objects', run(searchObjectsQuery, { ...asked, order: resultOrderOf(order, 'objects') })),
    /** Searches one bucket for anything: to see whether it may be searched. */
    look: (scope: SearchScope, bucket: string): Promise<unknown> => {
      const asked = { buckets: [bucket], searchString: null, filter: null, size: 1, withPage: false, withStats: false }
      if (scope === 'objects') return run(searchObjectsQuery, { ...asked, order: 'BEST_MATCH' })
      return packages({ ...asked, userMetaFilters: null, latestOnly: true }, { order: undefined, scope })
    },
    moreObjects: (after: string, size: number) =>
      translated('Searching objects', run(searchMoreObjectsQuery, { after, size })),
  }
}

export type RegistryCalls = ReturnType<typeof registryCalls>

/** What was sent, without what was left open. */
function askedOf(variables: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]: [string, unknown]) => [name, told(value)]),
  )
}

function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told)
  return typeof value === 'object' && value !== null ? askedOf(value) : value
}
