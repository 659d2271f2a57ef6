// What a change does to the entries of a revision: which stay, which move, which go. Pure: paths and entries only.
import { checkLogicalKey, compareLogicalKeys, type Entry } from '@quilt-mcp/core'
import { nearMatches } from '../../mcp/near-match.js'
import type { Problems } from './problems.js'

export interface Change {
  readonly change: 'added' | 'replaced' | 'removed' | 'renamed'
  readonly path: string
  /** Where it was: of a renamed entry. */
  readonly from?: string
}

export interface LayoutRequest {
  readonly current: readonly Entry[]
  /** Files, and directories with a trailing slash. */
  readonly remove: readonly string[]
  /** From path to path; both with a trailing slash for directories. */
  readonly rename: Readonly<Record<string, string>>
  /** Logical keys that are added or replaced. */
  readonly add: readonly string[]
}

export interface Layout {
  /** Entries that stay, some under a new key, in no order. */
  readonly kept: readonly Entry[]
  /** In tree order. */
  readonly changes: readonly Change[]
}

/** Removes, renames, then adds. What is not there, or would collide, goes to `problems`. */
export function layOut({ current, remove, rename, add }: LayoutRequest, problems: Problems): Layout {
  const keys = current.map(({ logicalKey }) => logicalKey)
  const before = new Set(keys)
  const removed = new Set(remove.flatMap((path) => matching(before, path, problems)))
  const target = renamed(new Set(keys.filter((key) => !removed.has(key))), rename, problems)
  const added = new Set(add)
  const kept = new Map<string, Entry>()
  const changes: Change[] = [...removed].filter((key) => !added.has(key)).map((path) => ({ change: 'removed', path }))
  for (const entry of current) {
    if (removed.has(entry.logicalKey)) continue
    const path = target.get(entry.logicalKey) ?? entry.logicalKey
    const isRenamed = path !== entry.logicalKey
    if (added.has(path)) {
      if (isRenamed) problems.add(path, `is added, and ${entry.logicalKey} is renamed to it`)
      continue
    }
    if (kept.has(path)) problems.add(path, 'would be the path of two files')
    kept.set(path, isRenamed ? { ...entry, logicalKey: path } : entry)
    if (isRenamed) changes.push({ change: 'renamed', path, from: entry.logicalKey })
  }
  const stayed = new Set(keys.filter((key) => !target.has(key)))
  for (const path of added) changes.push({ change: before.has(path) && stayed.has(path) ? 'replaced' : 'added', path })
  checkDirectories([...kept.keys(), ...added], problems)
  return {
    kept: [...kept.values()],
    changes: changes.sort((a, b) => compareLogicalKeys(a.path, b.path)),
  }
}

/** Up to so many files are compared with a path that is not there: each comparison takes a microsecond or two. */
const mostCompared = 2_000

/** The files that a path means. */
function matching(files: ReadonlySet<string>, path: string, problems: Problems): readonly string[] {
  if (files.has(path)) return [path]
  const isDirectory = path.endsWith('/')
  const found = [...files].filter((key) => key.startsWith(isDirectory ? path : `${path}/`))
  if (isDirectory && found.length > 0) return found
  const near = files.size <= mostCompared ? nearMatches(path, [...files], 1) : []
  const meant =
    found.length > 0 ? `: it is a directory, write ${path}/` : near.length > 0 ? `; did you mean ${near[0]}?` : ''
  problems.add(path, `is not in the package${meant}`)
  return []
}

/** Old key to new key. */
function renamed(
  files: ReadonlySet<string>,
  rename: Readonly<Record<string, string>>,
  problems: Problems,
): ReadonlyMap<string, string> {
  const target = new Map<string, string>()
  for (const [from, to] of Object.entries(rename)) {
    if (from.endsWith('/') !== to.endsWith('/')) {
      problems.add(from, `cannot become ${to}: a directory ends in "/" on both sides`)
      continue
    }
    problems.collect(to, () => checkLogicalKey(to.replace(/\/$/, '')))
    for (const key of matching(files, from, problems)) {
      if (target.has(key)) problems.add(key, 'is renamed twice')
      target.set(key, from.endsWith('/') ? `${to}${key.slice(from.length)}` : to)
    }
  }
  return target
}

/** No path may be a file and a directory at the same time (formats.md 1.10). */
export function checkDirectories(keys: readonly string[], problems: Problems): void {
  const files = new Set(keys)
  const reported = new Set<string>()
  for (const key of keys) {
    for (let end = key.indexOf('/'); end !== -1; end = key.indexOf('/', end + 1)) {
      const directory = key.slice(0, end)
      if (!files.has(directory) || reported.has(directory)) continue
      reported.add(directory)
      problems.add(directory, `would be a file and, because of ${key}, a directory`)
    }
  }
}
