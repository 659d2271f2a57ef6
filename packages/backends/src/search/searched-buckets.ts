// Which buckets are searched: those asked for, as far as the caller may see and search them.
import { type LeftOut, matchesQuery, nearNames, type Query, QuiltError } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import { noBucket } from '../packages/revisions.js'
import { valuesOf } from './registry/keyword-predicate.js'

export interface SearchedBuckets {
  /** Null: all that the caller may see. Empty: none fits the conditions. */
  readonly buckets: readonly string[] | null
  readonly leftOut: readonly LeftOut[]
}

const notVisible = 'There is no such bucket, or your role may not see it'

/** Chooses among the visible buckets.
 * @param conditions what the query asks of a bucket's name @param visible names; asked for only when some are chosen
 * @throws {QuiltError} `not_found` when buckets are named and none of them is visible */
export async function searchedBuckets(
  asked: readonly string[] | undefined,
  conditions: readonly Query[],
  visible: () => Promise<readonly string[]>,
): Promise<SearchedBuckets> {
  if ((asked === undefined || asked.length === 0) && conditions.length === 0) return { buckets: null, leftOut: [] }
  const names = await visible()
  const wanted = asked === undefined || asked.length === 0 ? names : [...new Set(asked)]
  const fits = (bucket: string): boolean =>
    conditions.every((condition) => matchesQuery(condition, { bucket }, { scope: 'objects', nowMs: 0 }))
  const named = [...(asked ?? []), ...conditions.flatMap((condition) => valuesOf(condition) ?? [])]
  const missing = [...new Set(named)].filter((bucket) => !names.includes(bucket) && fits(bucket))
  const buckets = wanted.filter((bucket) => names.includes(bucket) && fits(bucket))
  if (buckets.length === 0 && missing.length > 0) throw noneVisible(missing, names)
  return { buckets, leftOut: missing.map((bucket) => ({ bucket, why: notVisible })) }
}

function noneVisible(missing: readonly string[], names: readonly string[]): QuiltError {
  const [first, ...others] = missing
  const near = [...new Set(missing.flatMap((bucket) => nearNames(bucket, names, 2)))]
  if (first !== undefined && others.length === 0 && near.length === 0) return noBucket(first)
  return new QuiltError('not_found', `None of the buckets can be searched: ${missing.join(', ')}`, {
    hint:
      near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `${notVisible}; see those you can use with bucket_list.`,
    details: { missing: 'bucket', buckets: missing },
    nextTools: ['bucket_list', 'catalog_status'],
  })
}

const lookedAtOnce = 4
const mostLooked = 50

/** Finds out which of several buckets it is that the registry refuses to search.
 * @param look searches one bucket and rejects when it may not be searched @param refusal what the registry said to all of them together
 * @throws {QuiltError} the refusal when none is left */
export async function withoutForbidden(
  buckets: readonly string[],
  refusal: QuiltError,
  look: (bucket: string) => Promise<unknown>,
): Promise<{ readonly buckets: readonly string[]; readonly leftOut: readonly LeftOut[] }> {
  if (buckets.length < 2 || buckets.length > mostLooked) throw refusal
  const limit = pLimit(lookedAtOnce)
  const looks = await Promise.all(
    buckets.map((bucket) =>
      limit(async () => {
        try {
          await look(bucket)
          return { bucket, searchable: true }
        } catch (error) {
          if (isRefusal(error)) return { bucket, searchable: false }
          throw error
        }
      }),
    ),
  )
  const left = looks.filter(({ searchable }) => searchable).map(({ bucket }) => bucket)
  if (left.length === 0 || left.length === buckets.length) throw refusal
  const refused = looks.filter(({ searchable }) => !searchable)
  return { buckets: left, leftOut: refused.map(({ bucket }) => ({ bucket, why: 'Your role may not search it' })) }
}

/** Whether the registry refuses to search what was asked for. */
export function isRefusal(error: unknown): error is QuiltError {
  return error instanceof QuiltError && error.code === 'forbidden'
}
