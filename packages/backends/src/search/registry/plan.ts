// What is asked of the registry, and what is left to check here.
import type { Query } from '@quilt-mcp/core'

export interface SearchPlan<Asked extends { readonly buckets: unknown }> {
  readonly asked: Omit<Asked, 'buckets'>
  /** What the registry could not be asked: each must hold for a hit to count. */
  readonly checks: readonly Query[]
  /** Whether what the registry counts is what the query means. */
  readonly counts: boolean
  readonly notes: readonly string[]
}
