// Packages found by what is said of their files alone, as by the documents that a registry has of entries (formats.md 6.3): each with the
// files that fit. The packages come in the order of their top hashes: one in which not all need to be read for one page.
import {
  allOf,
  type EntryHit,
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

/** One page of packages. @param look searches what the caller may read */
export async function packagesByFiles(
  look: (request: SearchRequest) => Promise<Found>,
  wish: FilesWish,
): Promise<FilesPage> {
  const files = new Map<string, { readonly first: EntryHit; readonly files: MatchingFile[] }>()
  let after = wish.after
  let isMore = true
  while (isMore && files.size < wish.size) {
    const { hits, cursor } = await look(rowsAfter(after, wish))
    for (const hit of hits) {
      if (hit.kind !== 'entry') continue
      const id = `${hit.bucket}/${hit.name}`
      // Packages of one hash stay on one page: the next one goes on behind it.
      if (!files.has(id) && files.size >= wish.size && hit.topHash !== after) return { hits: await told(), ...next() }
      const known = files.get(id) ?? { first: hit, files: [] }
      if (known.files.length < mostFiles) known.files.push(fileOf(hit))
      files.set(id, known)
      after = hit.topHash
    }
    isMore = cursor !== undefined
  }
  return { hits: await told(), ...(isMore && next()) }

  function next(): { readonly next?: string } {
    return after === undefined ? {} : { next: after }
  }

  /** The packages themselves, with their files. */
  async function told(): Promise<readonly PackageHit[]> {
    const firsts = [...files.values()].map(({ first }) => first)
    if (firsts.length === 0) return []
    const query = anyOf(firsts.map(({ name }) => named(name)))
    const buckets = [...new Set(firsts.map(({ bucket }) => bucket))]
    const found = await look({ scope: 'packages', query, buckets, allRevisions: false, limit: mostRows })
    const packages = new Map(
      found.hits.flatMap((hit) => (hit.kind === 'package' ? [[`${hit.bucket}/${hit.name}`, hit]] : [])),
    )
    return [...files].flatMap(([id, { files }]) => {
      const hit = packages.get(id)
      return hit === undefined ? [] : [{ ...hit, files, matched: [] }]
    })
  }
}

function rowsAfter(hash: string | undefined, { query, buckets }: FilesWish): SearchRequest {
  const behind = (text: string): Query => ({
    kind: 'field',
    field: 'hash',
    match: { by: 'range', lower: { value: { type: 'text', text }, inclusive: false } },
    span,
  })
  return {
    scope: 'entries',
    query: hash === undefined ? query : allOf([query, behind(hash)]),
    buckets,
    allRevisions: false,
    order: { by: 'hash', direction: 'asc' },
    limit: mostRows,
  }
}

const span = { from: 0, end: 0 }
const named = (name: string): Query => ({ kind: 'field', field: 'name', match: { by: 'phrase', text: name }, span })

function anyOf(operands: readonly Query[]): Query {
  const [only, second] = operands
  if (only === undefined) return { kind: 'not', operand: { kind: 'all', span }, span }
  return second === undefined ? only : { kind: 'or', operands, span }
}

function fileOf({ logicalKey, physicalKey, size, userMeta }: EntryHit): MatchingFile {
  return { logicalKey, physicalKey, size, ...(userMeta !== undefined && { userMeta }) }
}
