// Search within the caller's rights: in the buckets that they list, whatever is asked, and nothing of others is let through.
import type { Search } from '@quilt-mcp/backends'
import type { LeftOut, SearchAnswer } from '@quilt-mcp/core'
import { QuiltError } from '@quilt-mcp/core'
import { allowsBucket, checkRight, type Rights } from './rights.js'

/** What is found is what manifests say and, of objects, what is in them: it needs listing and getting in each bucket. */
const actions = ['s3:ListBucket', 's3:GetObject']

/** The search, in the buckets of the rights alone. A bucket that is asked for and not listed is left out and named;
 * `forbidden` when none is left. */
export function boundedSearch(search: Search, rights: Rights): Search {
  return {
    async search(request, options) {
      const buckets = request.buckets ?? rights.buckets
      if (buckets === undefined) {
        checkActions(rights, anyBucket)
        return search.search(request, options)
      }
      const allowed = [...new Set(buckets)].filter((bucket) => allowsBucket(rights, bucket))
      const refused = [...new Set(buckets)].filter((bucket) => !allowsBucket(rights, bucket))
      for (const bucket of allowed.length > 0 ? allowed : refused) checkActions(rights, bucket)
      // An empty list would mean all buckets to some who answer.
      if (allowed.length === 0) return nothing
      const answer = await search.search({ ...request, buckets: allowed }, options).catch(withoutOtherNames)
      return within(
        answer,
        new Set(allowed),
        refused.map((bucket) => ({ bucket, why: whyNot(rights) })),
      )
    },
  }
}

/** For the message of what no bucket would change. */
const anyBucket = '*'

function checkActions(rights: Rights, bucket: string): void {
  for (const action of actions) checkRight(rights, action, bucket)
}

const whyNot = ({ setBy = 'token' }: Rights): string =>
  setBy === 'token' ? 'your token does not list it' : 'this request is narrowed to other buckets'

/** What is found where nobody is asked. */
const nothing: SearchAnswer = { hits: [], total: 0, facets: [], leftOut: [], notes: [], sent: [] }

/** The answer without what is of other buckets. When there was such, nothing that was counted over it is told either. */
function within(answer: SearchAnswer, allowed: ReadonlySet<string>, refused: readonly LeftOut[]): SearchAnswer {
  const hits = answer.hits.filter(({ bucket }) => allowed.has(bucket))
  const leftOut = [...answer.leftOut.filter(({ bucket }) => allowed.has(bucket)), ...refused]
  if (hits.length === answer.hits.length) return { ...answer, leftOut }
  const { total: _, ...rest } = answer
  return { ...rest, hits, leftOut, facets: [], notes: [...answer.notes, someWithheld] }
}

const someWithheld =
  'Some of what was found lies in buckets that you may not see here: it is not shown, and nothing is counted.'

/** Of a bucket that is not there, the names that it may have been meant to be are those that the role sees: more than the rights list. */
function withoutOtherNames(error: unknown): never {
  if (!(error instanceof QuiltError) || error.details?.missing !== 'bucket') throw error
  throw new QuiltError(error.code, 'none of the buckets that may be searched here has what the search asks for', {
    hint: 'bucket_list names those that you may use.',
    nextTools: ['bucket_list'],
    cause: error,
  })
}
