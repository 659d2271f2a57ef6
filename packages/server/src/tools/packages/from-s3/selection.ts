// Which objects below the prefix become files of the package.
import type { ObjectListItem } from '@quilt-mcp/backends'
import { anyGlobMatcher, QuiltError } from '@quilt-mcp/core'

export interface SelectionRules {
  /** Where keys begin: ends in `/`, or is empty for the whole bucket. */
  readonly prefix: string
  readonly include?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  /** Bytes. */
  readonly minSize?: number | undefined
  readonly maxSize?: number | undefined
}

/** What was left out, and how many. */
export interface Skipped {
  /** Keys that end in `/`. */
  markers: number
  /** Below `.quilt/`. */
  registry: number
  not_included: number
  excluded: number
  size: number
}

export interface Selection {
  /** The path below the prefix of an object that is chosen; undefined for another, which is counted. */
  pathOf(item: ObjectListItem): string | undefined
  readonly skipped: Readonly<Skipped>
}

/** Makes a selection. @throws {QuiltError} `invalid_input` for a pattern that cannot be read, or limits that leave nothing */
export function createSelection({ prefix, include, exclude, minSize = 0, maxSize }: SelectionRules): Selection {
  if (maxSize !== undefined && maxSize < minSize) {
    throw new QuiltError('invalid_input', `max_size ${maxSize} is below min_size ${minSize}`, {
      hint: 'No file has such a size.',
      details: { argument: 'max_size' },
    })
  }
  const isIncluded = include === undefined || include.length === 0 ? () => true : anyGlobMatcher(include)
  const isExcluded = anyGlobMatcher(exclude ?? [])
  const skipped: Skipped = { markers: 0, registry: 0, not_included: 0, excluded: 0, size: 0 }
  const reasonToSkip = ({ key, size }: ObjectListItem, path: string): keyof Skipped | undefined => {
    if (key.startsWith('.quilt/')) return 'registry'
    if (key.endsWith('/')) return 'markers'
    if (!isIncluded(path)) return 'not_included'
    if (isExcluded(path)) return 'excluded'
    return size < minSize || (maxSize !== undefined && size > maxSize) ? 'size' : undefined
  }
  return {
    skipped,
    pathOf(item) {
      const path = item.key.slice(prefix.length)
      const reason = reasonToSkip(item, path)
      if (reason === undefined) return path
      skipped[reason] += 1
      return undefined
    },
  }
}
