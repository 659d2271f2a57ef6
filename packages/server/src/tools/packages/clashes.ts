// No path may be that of two files, nor of a file and a directory (formats.md 1.10).
import { compareLogicalKeys } from '@quilt-mcp/core'
import type { Addition } from './additions.js'
import type { Problems } from './problems.js'

/** Sources that a problem names. */
const mostNamed = 5

/** The additions in tree order, each path once. Sources that fall on one path are a problem that names them. */
export function withoutClashes(additions: readonly Addition[], problems: Problems): readonly Addition[] {
  const byKey = new Map<string, Addition[]>()
  for (const addition of additions) {
    const same = byKey.get(addition.logicalKey)
    if (same === undefined) byKey.set(addition.logicalKey, [addition])
    else same.push(addition)
  }
  for (const [key, [first, ...others]] of byKey) {
    if (first === undefined || others.length === 0) continue
    const named = [first, ...others].slice(0, mostNamed).map((one) => one.named)
    const more = others.length + 1 > named.length ? ` and ${others.length + 1 - named.length} more` : ''
    problems.add(
      key,
      `is given twice: ${named.join(', ')}${more} fall on it`,
      'Give each its own logical_key, or keys: keep.',
    )
  }
  return [...byKey.values()]
    .flatMap(([first]) => first ?? [])
    .sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
}

/** Hears of files in tree order; a file under whose path others lie is a problem. */
export function directoryWatch(problems: Pick<Problems, 'add'>): (logicalKey: string) => void {
  let file: string | undefined
  let reported: string | undefined
  return (key) => {
    // In tree order all that lies under a path follows it at once.
    if (file !== undefined && key.startsWith(file) && key.charAt(file.length) === '/') {
      if (reported !== file) problems.add(file, `would be a file and, because of ${key}, a directory`)
      reported = file
    } else file = key
  }
}
