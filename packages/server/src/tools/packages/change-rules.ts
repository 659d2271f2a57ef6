// Which files of a revision go, and which move: the `remove` and `rename` arguments of a change. Pure: paths only.
import { checkLogicalKey, type DirectoryMeta, globMatcher, isGlob } from '@quilt-mcp/core'
import type { Problems } from './problems.js'

export interface ChangeRequest {
  /** Files, directories with a trailing slash, and patterns. */
  readonly remove: readonly string[]
  /** From path to path; both with a trailing slash for directories. */
  readonly rename: Readonly<Record<string, string>>
}

/** What becomes of a file: it stays, goes, or lies under another path. */
export type Fate =
  | { readonly kind: 'stays' }
  | { readonly kind: 'goes' }
  /** `directory`: the one that moves, and this file with it. */
  | { readonly kind: 'moves'; readonly to: string; readonly directory?: string }

export interface ChangeRules {
  /** Whether files move: then a revision is not in order as it is read. */
  readonly moves: boolean
  /** The directories that move. */
  readonly directories: readonly string[]
  /** What becomes of the file with this path. What moves and goes at once, goes. */
  fateOf(logicalKey: string): Fate
  /** What nothing was asked about so far: each `remove` and `rename` that no file had. */
  unused(): readonly string[]
  /** The metadata of directories as their directories move. */
  movedDirectories(directories: readonly DirectoryMeta[]): readonly DirectoryMeta[]
}

const stays: Fate = { kind: 'stays' }
const goes: Fate = { kind: 'goes' }

/** Reads the rules of a change. What is wrong with them goes to `problems`. */
export function changeRules({ remove, rename }: ChangeRequest, problems: Problems): ChangeRules {
  const unused = new Set([...remove, ...Object.keys(rename)])
  const isRemoved = removalOf(remove, { unused, problems })
  const { files, directories } = renamesOf(rename, problems)
  const fateOf = (key: string): Fate => {
    const to = files.get(key)
    const directory = directories.find(({ from }) => key.startsWith(from))
    if (to !== undefined) unused.delete(key)
    if (directory !== undefined) unused.delete(directory.from)
    if (isRemoved(key)) return goes
    if (to !== undefined) return { kind: 'moves', to }
    if (directory === undefined) return stays
    const { from } = directory
    return { kind: 'moves', to: `${directory.to}${key.slice(from.length)}`, directory: from }
  }
  return {
    moves: files.size > 0 || directories.length > 0,
    directories: directories.map(({ from }) => from),
    fateOf: unused.size === 0 ? () => stays : fateOf,
    unused: () => [...unused],
    movedDirectories: (metas) =>
      metas.map((meta) => {
        const found = directories.find(({ from }) => meta.logicalKey.startsWith(from))
        return found === undefined
          ? meta
          : { ...meta, logicalKey: `${found.to}${meta.logicalKey.slice(found.from.length)}` }
      }),
  }
}

/** Whether a file goes. Strikes off what named it. */
function removalOf(
  remove: readonly string[],
  { unused, problems }: { readonly unused: Set<string>; readonly problems: Problems },
): (key: string) => boolean {
  const files = new Set(remove.filter((path) => !path.endsWith('/')))
  const wide = remove.flatMap((path) => {
    if (!isGlob(path)) return path.endsWith('/') ? [{ path, matches: (key: string) => key.startsWith(path) }] : []
    const matches = problems.collect(path, () => globMatcher(path))
    return matches === undefined ? [] : [{ path, matches }]
  })
  return (key) => {
    // A pattern may be the very name of a file, too.
    const found = [
      ...(files.has(key) ? [key] : []),
      ...wide.filter(({ matches }) => matches(key)).map(({ path }) => path),
    ]
    for (const path of found) unused.delete(path)
    return found.length > 0
  }
}

function renamesOf(rename: Readonly<Record<string, string>>, problems: Problems) {
  const files = new Map<string, string>()
  const directories: { readonly from: string; readonly to: string }[] = []
  for (const [from, to] of Object.entries(rename)) {
    if (from.endsWith('/') !== to.endsWith('/')) {
      problems.add(from, `cannot become ${to}: a directory ends in "/" on both sides`)
      continue
    }
    if (problems.collect(to, () => checkedPath(to)) === undefined) continue
    if (from.endsWith('/')) directories.push({ from, to })
    else files.set(from, to)
  }
  for (const { from } of directories) {
    const within = [...files.keys(), ...directories.map((other) => other.from)].find(
      (path) => path !== from && path.startsWith(from),
    )
    if (within !== undefined) problems.add(within, `is renamed twice: by itself, and with ${from}`)
  }
  return { files, directories }
}

function checkedPath(path: string): string {
  checkLogicalKey(path.replace(/(?<=[^/])\/$/, ''))
  return path
}
