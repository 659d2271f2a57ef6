// The entries of a revision with a change: read from the base as it streams by, never held, gone through as often as it takes.
import type { CallOptions, PackageReader, PlannedEntry } from '@quilt-mcp/backends'
import { alignEntries, compareLogicalKeys, type Entry } from '@quilt-mcp/core'
import type { Addition } from './additions.js'
import type { ChangeRules } from './change-rules.js'

export interface Change {
  /** `metadata`: of a file, whose bytes stay. */
  readonly change: 'added' | 'replaced' | 'metadata' | 'removed' | 'renamed'
  readonly path: string
  /** Where it was: of a renamed entry. */
  readonly from?: string
}

/** Hears what becomes of each file that does not stay as it is, in tree order, and what cannot be. */
export interface ChangeListener {
  changed(change: Change): void
  /** A file that has two wishes about it. */
  clash(path: string, problem: string): void
}

export interface ChangedEntries {
  /** In tree order. */
  batches(options?: CallOptions, listener?: ChangeListener): AsyncIterable<readonly PlannedEntry[]>
}

export interface ChangeSources {
  readonly base: Pick<PackageReader, 'entries'>
  readonly rules: ChangeRules
  /** Each path once. */
  readonly additions: readonly Addition[]
}

/** Files that move are held up to here; of more, each reading of the base makes a second one. */
const mostMovedHeld = 50_000

/** A file that lies under another path. */
interface Moved {
  readonly logicalKey: string
  readonly moved: Entry
  /** Another one lies under the same path then. */
  readonly isRivalled?: boolean
}

type Batches<Item> = AsyncIterable<readonly Item[]>

/** The entries of the base with the change, ready to be gone through. Reads the base once when files move. */
export async function changedEntries(sources: ChangeSources, options: CallOptions): Promise<ChangedEntries> {
  const { base, rules, additions } = sources
  const sorted = additions.toSorted((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
  const moved = rules.moves ? await movedEntries(base, rules, options) : []
  return {
    async *batches(call = {}, listener) {
      const news = rowsOf([...moved.map((open) => open(call)), inOneBatch(sorted)])
      let next = (await news.next()).value
      const entries: PlannedEntry[] = []
      const take = (old: Entry | undefined, row: New | undefined): void => {
        const entry = entryOf(old, row, { rules, listener })
        if (entry !== undefined) entries.push(entry)
      }
      try {
        for await (const batch of base.entries(call)) {
          const last = batch.at(-1)?.logicalKey
          // Most batches have nothing new among them: their keys are not compared one by one.
          const isUntouched = next === undefined || last === undefined || compareLogicalKeys(next.logicalKey, last) > 0
          for (const old of batch) {
            while (!isUntouched && next !== undefined && compareLogicalKeys(next.logicalKey, old.logicalKey) < 0) {
              take(undefined, next)
              next = (await news.next()).value
            }
            if (isUntouched || next?.logicalKey !== old.logicalKey) take(old, undefined)
            else {
              take(old, next)
              next = (await news.next()).value
            }
          }
          if (entries.length > 0) yield entries.splice(0)
        }
        for (; next !== undefined; next = (await news.next()).value) take(undefined, next)
        if (entries.length > 0) yield entries
      } finally {
        await news.return(undefined)
      }
    },
  }
}

/** All that is new at one path. */
interface New {
  readonly logicalKey: string
  readonly row: readonly (Moved | Addition | undefined)[]
}

async function* rowsOf(sources: readonly Batches<Moved | Addition>[]): AsyncGenerator<New, undefined, undefined> {
  for await (const rows of alignEntries<Moved | Addition>(sources)) {
    for (const row of rows) {
      const first = row.find((one) => one !== undefined)
      if (first !== undefined) yield { logicalKey: first.logicalKey, row }
    }
  }
  return undefined
}

/** What lies at one path in the end; undefined: nothing. */
function entryOf(
  old: Entry | undefined,
  news: New | undefined,
  { rules, listener }: { readonly rules: ChangeRules; readonly listener: ChangeListener | undefined },
): PlannedEntry | undefined {
  const fate = old === undefined ? 'stays' : rules.fateOf(old.logicalKey).kind
  let addition: Addition | undefined
  let moved: Moved | undefined
  for (const item of news?.row ?? []) {
    if (item === undefined) continue
    if ('entry' in item) {
      addition = item
      continue
    }
    if (moved !== undefined || item.isRivalled) listener?.clash(item.logicalKey, 'would be the path of two files')
    moved = item
  }
  const kept = fate === 'stays' ? old : undefined
  const path = news?.logicalKey ?? old?.logicalKey ?? ''
  if (addition !== undefined) {
    if (moved !== undefined) listener?.clash(path, `is added, and ${moved.moved.logicalKey} is renamed to it`)
    const isThere = old !== undefined && fate !== 'moves'
    if (isThere || addition.keepsContent !== true)
      listener?.changed({ change: !isThere ? 'added' : addition.keepsContent ? 'metadata' : 'replaced', path })
    const entry = addition.entry(kept)
    if (entry === undefined)
      listener?.clash(path, 'is not in the package: new metadata alone needs a file that is there')
    return entry
  }
  if (moved !== undefined) {
    if (kept !== undefined) listener?.clash(path, 'would be the path of two files')
    listener?.changed({ change: 'renamed', path, from: moved.moved.logicalKey })
    return { ...moved.moved, logicalKey: path }
  }
  if (fate === 'goes') listener?.changed({ change: 'removed', path })
  return kept
}

/** The files that move, in the order of their new paths: held when they are few, else read from the base again, for each directory of
 * theirs by itself, since within one the order stays. */
async function movedEntries(
  base: ChangeSources['base'],
  rules: ChangeRules,
  options: CallOptions,
): Promise<readonly ((call: CallOptions) => Batches<Moved>)[]> {
  const files: Moved[] = []
  const inDirectories: Moved[] = []
  let count = 0
  for await (const batch of movedFrom(base, rules, options)) {
    for (const { directory, ...moved } of batch) {
      if (directory === undefined) files.push(moved)
      else if (++count <= mostMovedHeld) inDirectories.push(moved)
    }
  }
  const held = eachPathOnce(count <= mostMovedHeld ? [...files, ...inDirectories] : files)
  const streamed = count <= mostMovedHeld ? [] : rules.directories
  return [
    () => inOneBatch(held),
    ...streamed.map((directory) => (call: CallOptions) => movedFrom(base, rules, call, directory)),
  ]
}

/** In tree order. */
function eachPathOnce(moved: readonly Moved[]): readonly Moved[] {
  const sorted = moved.toSorted((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
  return sorted.flatMap((one, at) => {
    if (sorted[at - 1]?.logicalKey === one.logicalKey) return []
    return sorted[at + 1]?.logicalKey === one.logicalKey ? [{ ...one, isRivalled: true }] : [one]
  })
}

/** @param only of this directory */
async function* movedFrom(
  base: ChangeSources['base'],
  { fateOf }: Pick<ChangeRules, 'fateOf'>,
  options: CallOptions,
  only?: string,
): AsyncGenerator<readonly (Moved & { readonly directory?: string | undefined })[]> {
  for await (const batch of base.entries(options)) {
    const found: (Moved & { readonly directory?: string | undefined })[] = []
    for (const entry of batch) {
      const fate = fateOf(entry.logicalKey)
      if (fate.kind === 'moves' && (only === undefined || fate.directory === only))
        found.push({ logicalKey: fate.to, moved: entry, directory: fate.directory })
    }
    if (found.length > 0) yield found
  }
}

async function* inOneBatch<Item>(items: readonly Item[]): AsyncGenerator<readonly Item[]> {
  if (items.length > 0) yield items
}
