// Packages found by what is said of their files alone, as by the documents that a registry has of entries (formats.md 6.3): each with the
// files that fit. The packages come in the order of their top hashes: one in which not all need to be read for one page.
import {
  allOf,
  type EntryHit,
  type FieldMatch,
  type MatchingFile,
  type PackageHit,
  type Query,
  type SearchRequest,
} from '@quilt-mcp/core'
import type { Found } from './stack-search.js'

export interface FilesWish {
  /** About files: a query of the scope `entries`. */
  readonly query: Query
  readonly buckets: readonly string[] | undefined
  /** Top hash of the last package of the page before. */
  readonly after: string | undefined
  /** Packages on a page. */
  readonly size: number
}

export interface FilesPage {
  readonly hits: readonly PackageHit[]
  /** What is `after` of the next page. Absent on the last one. */
  readonly next?: string
}

/** Files of one package that are told. */
const mostFiles = 100
const mostRows = 1_000
/** Packages that one condition names. */
const mostNamed = 100

interface FoundByFiles {
  readonly first: EntryHit
  readonly files: MatchingFile[]
}

/** One page of packages. Those of one hash stay on one page: the next one goes on behind it.
 * @param look searches what the caller may read */
export async function packagesByFiles(
  look: (request: SearchRequest) => Promise<Found>,
  wish: FilesWish,
): Promise<FilesPage> {
  const packages = new Map<string, FoundByFiles>()
  let after = wish.after
  for (let rows = rowsAfter(wish, after, []); ; ) {
    const { hits, cursor } = await look(rows)
    for (const hit of hits) {
      if (hit.kind !== 'entry') continue
      const known = packages.get(idOf(hit)) ?? { first: hit, files: [] }
      if (!packages.has(idOf(hit)) && packages.size >= wish.size && hit.topHash !== after) return page(after)
      if (known.files.length < mostFiles) known.files.push(fileOf(hit))
      packages.set(idOf(hit), known)
      after = hit.topHash
    }
    if (cursor === undefined) return page()
    // Of what has been seen no more files are read, unless it is too much to be named.
    const seen = [...packages.values()].flatMap(({ first }) => (first.topHash === after ? [first] : []))
    rows = seen.length > mostNamed ? { ...rows, cursor } : rowsAfter(wish, after, seen)
  }

  async function page(next?: string): Promise<FilesPage> {
    return { hits: await told(look, [...packages.values()]), ...(next !== undefined && { next }) }
  }
}

/** The packages themselves, with their files. */
async function told(
  look: (request: SearchRequest) => Promise<Found>,
  packages: readonly FoundByFiles[],
): Promise<readonly PackageHit[]> {
  const hits = new Map<string, PackageHit>()
  for (let from = 0; from < packages.length; from += mostNamed) {
    const firsts = packages.slice(from, from + mostNamed).map(({ first }) => first)
    const query = anyOf(firsts.map(named))
    const buckets = [...new Set(firsts.map(({ bucket }) => bucket))]
    const found = await look({ scope: 'packages', query, buckets, allRevisions: false, limit: mostRows })
    for (const hit of found.hits) if (hit.kind === 'package') hits.set(idOf(hit), hit)
  }
  return packages.flatMap(({ first, files }) => {
    const hit = hits.get(idOf(first))
    return hit === undefined ? [] : [{ ...hit, files, matched: [] }]
  })
}

const idOf = ({ bucket, name }: EntryHit | PackageHit): string => `${bucket}/${name}`

/** Files behind a hash, and those of other packages of that hash than have been seen. @param seen none: all have */
function rowsAfter({ query, buckets }: FilesWish, hash: string | undefined, seen: readonly EntryHit[]): SearchRequest {
  const behind =
    hash === undefined
      ? []
      : [
          anyOf([
            hashIs({ by: 'range', lower: { value: { type: 'text', text: hash }, inclusive: false } }),
            ...(seen.length === 0
              ? []
              : [
                  allOf([hashIs({ by: 'phrase', text: hash }), { kind: 'not', operand: anyOf(seen.map(named)), span }]),
                ]),
          ]),
        ]
  return {
    scope: 'entries',
    query: allOf([query, ...behind]),
    buckets,
    allRevisions: false,
    order: { by: 'hash', direction: 'asc' },
    limit: mostRows,
  }
}

const span = { from: 0, end: 0 }
const hashIs = (match: FieldMatch): Query => ({ kind: 'field', field: 'hash', match, span })
const named = ({ bucket, name }: EntryHit): Query =>
  allOf([
    { kind: 'field', field: 'bucket', match: { by: 'phrase', text: bucket }, span },
    { kind: 'field', field: 'name', match: { by: 'phrase', text: name }, span },
  ])

function anyOf(operands: readonly Query[]): Query {
  const [only, second] = operands
  if (only === undefined) return { kind: 'not', operand: { kind: 'all', span }, span }
  return second === undefined ? only : { kind: 'or', operands, span }
}

function fileOf({ logicalKey, physicalKey, size, userMeta }: EntryHit): MatchingFile {
  return { logicalKey, physicalKey, size, ...(userMeta !== undefined && { userMeta }) }
}
