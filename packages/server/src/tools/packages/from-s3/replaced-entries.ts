// How many paths of a package stay, come and go when its latest revision is replaced. By path alone: the content of an object is hashed later.
import type { PlannedEntryStream, Revision } from '@quilt-mcp/backends'
import type { ToolContext } from '../../../mcp/define-tool.js'
import { joinSorted, type Keyed } from './sorted-streams.js'

export interface ChangeCounts {
  readonly added: number
  readonly removed: number
  readonly kept: number
}

/** Compares the entries of a revision with those of the plan. @param previous undefined: there is none */
export async function countChanges(
  ctx: ToolContext,
  previous: Revision | undefined,
  planned: PlannedEntryStream,
): Promise<ChangeCounts> {
  if (previous === undefined) return { added: planned.count, removed: 0, kept: 0 }
  const reader = await ctx.backend.packages.open(previous, { signal: ctx.signal })
  const counts = { added: 0, removed: 0, kept: 0 }
  for await (const pairs of joinSorted<Keyed, Keyed>(reader.entries({ signal: ctx.signal }), planned.batches())) {
    for (const { left, right } of pairs) {
      if (left === undefined) counts.added += 1
      else if (right === undefined) counts.removed += 1
      else counts.kept += 1
    }
  }
  return counts
}
