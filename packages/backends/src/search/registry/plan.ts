// What is asked of the registry, and what is left to check here.
import { type Query, QuiltError } from '@quilt-mcp/core'

export interface SearchPlan<Asked extends { readonly buckets: unknown }> {
  readonly asked: Omit<Asked, 'buckets'>
  /** What the registry could not be asked: each must hold for a hit to count. */
  readonly checks: readonly Query[]
  /** Whether what the registry counts is what the query means. */
  readonly counts: boolean
  /** Whether some of what is found may not fit even after the checks: then nothing is counted. */
  readonly rough: boolean
  readonly notes: readonly string[]
}

/** The error for conditions that can neither be asked nor checked. */
export function notAskable(): QuiltError {
  return new QuiltError(
    'unsupported',
    'The registry cannot be asked for words, or files, OR what this search has beside them',
    {
      hint: 'Search for each side of the OR on its own.',
    },
  )
}
