// How long a page of hits may be.
import { InputRefused } from '../packages/failures.js'

const mostHits = 1_000

/** How many hits a page has. @throws {InputRefused} when there is no such page */
export function pageSize(size: number | null | undefined): number {
  const hits = size ?? 30
  if (hits >= 1 && hits <= mostHits) return hits
  throw new InputRefused([
    { path: 'size', name: 'InvalidSize', message: `A page has 1 to ${mostHits} hits, not ${hits}.` },
  ])
}
