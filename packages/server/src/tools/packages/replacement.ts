// What becomes of a package's files when a whole new revision takes the place of the latest.
import type { CallOptions, PackageReader } from '@quilt-mcp/backends'
import { alignEntries, type Entry } from '@quilt-mcp/core'
import type { Addition } from './additions.js'
import type { Change } from './changed-entries.js'
import { mostNamed } from './push-result.js'

export interface Replacement {
  /** How many files the package had. */
  readonly before: number
  /** How many have the same content at the same path. */
  readonly kept: number
  /** How many there are of each kind; kinds without any are left out. `same_path`: what lies at the same path, where only the push can
   * tell whether its content is the same. */
  readonly counts: Readonly<Record<string, number>>
  /** The first ones, in tree order. */
  readonly changes: readonly Change[]
}

type Content = Pick<Entry, 'size' | 'hash'>

/** A file of the new revision. */
interface NewFile {
  readonly logicalKey: string
  /** Absent: not known. */
  readonly content?: Content
}

/** Compares the latest revision with what shall take its place, as far as that is known. @param additions in tree order */
export function plannedReplacement(
  latest: PackageReader | undefined,
  additions: readonly Addition[],
  options: CallOptions,
): Promise<Replacement> {
  return compare(latest, inOneBatch(additions), options)
}

/** Compares a revision with the one that took its place. */
export function madeReplacement(
  latest: PackageReader,
  made: PackageReader,
  options: CallOptions,
): Promise<Replacement> {
  return compare(latest, withContent(made.entries(options)), options)
}

async function compare(
  latest: PackageReader | undefined,
  files: AsyncIterable<readonly NewFile[]>,
  options: CallOptions,
): Promise<Replacement> {
  const counts: Record<string, number> = {}
  const changes: Change[] = []
  let before = 0
  let kept = 0
  const count = (kind: string) => {
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  const old = latest === undefined ? inOneBatch<Entry>([]) : latest.entries(options)
  for await (const rows of alignEntries<Entry | NewFile>([old, files])) {
    for (const [was, is] of rows) {
      if (was !== undefined) before += 1
      const change = changeOf(was, is)
      if (change === 'kept') kept += 1
      else count(change)
      if (change !== 'kept' && change !== 'same_path' && changes.length < mostNamed)
        changes.push({ change, path: was?.logicalKey ?? is?.logicalKey ?? '' })
    }
  }
  return { before, kept, counts, changes }
}

function changeOf(was: Entry | NewFile | undefined, is: Entry | NewFile | undefined) {
  if (was === undefined) return 'added'
  if (is === undefined) return 'removed'
  const [old, fresh] = [contentOf(was), contentOf(is)]
  if (old === undefined || fresh === undefined || old.hash.type !== fresh.hash.type) return 'same_path'
  return old.size === fresh.size && old.hash.value === fresh.hash.value ? 'kept' : 'replaced'
}

const contentOf = (file: Entry | NewFile): Content | undefined => ('hash' in file ? file : file.content)

async function* inOneBatch<Item>(items: readonly Item[]): AsyncGenerator<readonly Item[]> {
  if (items.length > 0) yield items
}

async function* withContent(batches: AsyncIterable<readonly Entry[]>): AsyncGenerator<readonly NewFile[]> {
  for await (const batch of batches)
    yield batch.map(({ logicalKey, size, hash }) => ({ logicalKey, content: { size, hash } }))
}
