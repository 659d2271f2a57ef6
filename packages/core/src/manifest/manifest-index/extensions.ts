// How many files and bytes there are of each extension, as entries pass.
import type { KeyBytes } from '../key-bytes.js'

/** The files of one extension. */
export interface ExtensionSummary {
  /** In lower case, without the dot; empty for files without one. Absent: all those beyond the 1,000 first met. */
  readonly extension?: string
  readonly entries: number
  readonly bytes: number
}

const maxExtensions = 1_000
/** What is longer is part of a name: a date, a version. */
const maxExtensionBytes = 16
const slash = 0x2f
const dot = 0x2e

interface Count {
  entries: number
  bytes: number
}

/** Counts by extension. */
export function extensionCounter() {
  const counts = new Map<string, Count>()
  const others: Count = { entries: 0, bytes: 0 }
  let last = Buffer.alloc(0)
  let lastCount: Count | undefined
  const countOf = (name: string): Count => {
    const known = counts.get(name)
    if (known !== undefined) return known
    if (counts.size >= maxExtensions) return others
    const count = { entries: 0, bytes: 0 }
    counts.set(name, count)
    return count
  }
  return {
    /** Adds entries whose extension lies in some bytes. */
    add({ bytes, from, end }: KeyBytes, entries: number, size: number): void {
      // Neighbours mostly have the same one: no text is made for them.
      const isSame = lastCount !== undefined && last.equals(bytes.subarray(from, end))
      if (!isSame) last = Buffer.from(bytes.slice(from, end))
      const count = isSame && lastCount !== undefined ? lastCount : countOf(last.toString('utf8').toLowerCase())
      count.entries += entries
      count.bytes += size
      lastCount = count
    },
    /** Most entries first. */
    finish(): readonly ExtensionSummary[] {
      const known = [...counts].map(([name, count]) => ({ extension: name, ...count }))
      known.sort((a, b) => b.entries - a.entries || (a.extension < b.extension ? -1 : 1))
      return others.entries > 0 ? [...known, others] : known
    },
  }
}

/** Where the extension of a key begins; its end when it has none. A name that begins with its only dot has none. */
export function extensionFrom({ bytes, from, end }: KeyBytes): number {
  const first = Math.max(from, end - maxExtensionBytes - 1)
  for (let at = end - 1; at >= first; at--) {
    if (bytes[at] === slash) return end
    if (bytes[at] === dot) return at === from || bytes[at - 1] === slash ? end : at + 1
  }
  return end
}
