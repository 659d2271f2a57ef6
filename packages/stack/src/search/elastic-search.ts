// A search over the indexes that a registry has by name: `<bucket>` of objects, `<bucket>_packages` of manifests and entries (formats.md 6.3).
import { type FieldName, type Query, QuiltError, type SearchHit, type SearchScope } from '@quilt-mcp/core'
import type { Principal } from '../identity/principal.js'
import { type ElasticHit, elasticHit } from './elastic-documents.js'
import type { StackSearch } from './stack-search.js'

export interface ElasticRequest {
  /** Names of indexes; `_all` for all that the caller may read. */
  readonly indexes: readonly string[]
  readonly query: Query
  /** Hits to leave out at the start. */
  readonly from: number
  readonly size: number
}

export interface ElasticAnswer {
  readonly took: number
  readonly timed_out: false
  readonly hits: {
    readonly total: { readonly value: number; readonly relation: 'eq' }
    readonly max_score: number | null
    readonly hits: readonly ElasticHit[]
  }
}

/** Hits behind this one are not told. */
const lastHit = 1_000

/** What the documents of each kind are searched by. A field that a kind has not finds none of it. */
const fieldsOf: Readonly<Record<SearchScope, readonly FieldName[]>> = {
  packages: ['name', 'comment', 'meta', 'hash', 'workflow', 'modified', 'size', 'entries', 'bucket'],
  entries: ['key', 'ext', 'meta', 'size', 'bucket'],
  objects: ['key', 'ext', 'content', 'size', 'modified', 'deleted', 'bucket'],
}

/** Searches as Elasticsearch would: all kinds of documents at once, the best first.
 * @returns undefined when one of the indexes is none that the caller may read
 * @throws {QuiltError} `invalid_input` when more hits are asked for than are told */
export async function elasticSearch(
  search: StackSearch,
  principal: Principal,
  { indexes, query, from, size }: ElasticRequest,
): Promise<ElasticAnswer | undefined> {
  const startMs = Date.now()
  const limit = from + size
  if (limit > lastHit) {
    throw new QuiltError('invalid_input', `from and size end at ${limit}`, {
      hint: `Ask for the first ${lastHit} hits.`,
    })
  }
  const readable = search.readable(principal)
  const named = indexes.flatMap((name) => (name === '_all' ? readable.flatMap(indexesOf) : [name]))
  if (!named.every((name) => readable.includes(bucketOf(name)))) return undefined

  const found = await Promise.all(
    scopes.map(async (scope) => {
      const buckets = named.filter((name) => isOfPackages(name) === (scope !== 'objects')).map(bucketOf)
      const asked = inScope(query, scope)
      if (buckets.length === 0 || asked === 'none') return { hits: [], total: 0 }
      const request = { scope, query: asked === 'all' ? everything : asked, buckets, limit, allRevisions: true }
      return search.search(principal, request, startMs)
    }),
  )
  const ranked = found.flatMap(({ hits }) => rankedHits(hits, query))
  const best = ranked.toSorted((a, b) => b.hit._score - a.hit._score || a.rank - b.rank).map(({ hit }) => hit)
  return {
    took: Date.now() - startMs,
    timed_out: false,
    hits: {
      total: { value: found.reduce((sum, { total = 0 }) => sum + total, 0), relation: 'eq' },
      max_score: best[0]?._score ?? null,
      hits: best.slice(from, limit),
    },
  }
}

interface RankedHit {
  readonly hit: ElasticHit
  readonly rank: number
}

/** Documents of one kind, in the order in which they were found: a score is never higher than those before it. A hit tells less than the index
 * knows; without this, one page would repeat what another left out. */
function rankedHits(hits: readonly SearchHit[], query: Query): readonly RankedHit[] {
  let least = Number.POSITIVE_INFINITY
  return hits.map((one, rank) => {
    const hit = elasticHit(one, query)
    least = Math.min(least, hit._score)
    return { hit: { ...hit, _score: least }, rank }
  })
}

const scopes = ['packages', 'objects', 'entries'] as const satisfies readonly SearchScope[]
const everything: Query = { kind: 'all', span: { from: 0, end: 0 } }

/** Buckets have no underscores in their names. */
const suffix = '_packages'
const isOfPackages = (index: string): boolean => index.endsWith(suffix)
const bucketOf = (index: string): string => (isOfPackages(index) ? index.slice(0, -suffix.length) : index)
const indexesOf = (bucket: string): readonly string[] => [bucket, `${bucket}${suffix}`]

/** What of a query can be asked of one kind of documents. */
function inScope(query: Query, scope: SearchScope): Query | 'all' | 'none' {
  switch (query.kind) {
    case 'all':
      return 'all'
    case 'text':
      return query
    case 'field':
      return fieldsOf[scope].includes(query.field) ? query : 'none'
    case 'not': {
      const operand = inScope(query.operand, scope)
      if (operand === 'all') return 'none'
      return operand === 'none' ? 'all' : { ...query, operand }
    }
    default: {
      const decides = query.kind === 'and' ? 'none' : 'all'
      const operands = query.operands.map((operand) => inScope(operand, scope))
      if (operands.includes(decides)) return decides
      const left = operands.filter((operand) => typeof operand !== 'string')
      if (left.length === 0) return query.kind === 'and' ? 'all' : 'none'
      return { ...query, operands: left }
    }
  }
}
