// How many files and bytes there are of each extension, as entries pass.
import { type KeyBytes, keyHolder, sharedBytes } from '../key-bytes.js'

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
  const last = keyHolder()
  const extension: KeyBytes = { bytes: last.bytes, from: 0, end: 0 }
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
    add(key: KeyBytes, size: number): void {
      extension.bytes = key.bytes
      extension.from = extensionFrom(key)
      extension.end = key.end
      const length = extension.end - extension.from
      // Neighbours mostly have the same one: no text is made for them.
      if (lastCount === undefined || length !== last.end || sharedBytes(last, extension) < length) {
        last.copy(key.bytes, extension.from, key.end)
        lastCount = countOf(Buffer.from(last.bytes.buffer, 0, length).toString('utf8').toLowerCase())
      }
      lastCount.entries++
      lastCount.bytes += size
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
function extensionFrom({ bytes, from, end }: KeyBytes): number {
  const first = Math.max(from, end - maxExtensionBytes - 1)
  for (let at = end - 1; at >= first; at--) {
    if (bytes[at] === slash) return end
    if (bytes[at] === dot) return at === from || bytes[at - 1] === slash ? end : at + 1
  }
  return end
}
