// What the contract suite is made of: cases as data, run unchanged against the world of each backend.
import type { ContractWorld } from './contract-world.js'

/** One promise of the port. */
export interface ContractCase {
  /** Read after its subject: `revisions` + `are listed newest first`. No two of a subject are the same. */
  readonly title: string
  /** Rejects when the promise does not hold in this world. */
  readonly run: (world: ContractWorld) => Promise<void>
}

/** The cases about one part of the port. */
export interface ContractSubject {
  readonly subject: string
  readonly cases: readonly ContractCase[]
}

/** Cases that differ in one value, which ends their titles. */
export function casesOf<T>(
  title: string,
  rows: readonly T[],
  run: (world: ContractWorld, row: T) => Promise<void>,
): readonly ContractCase[] {
  return rows.map((row) => {
    const named: unknown = Array.isArray(row) ? row[0] : row
    return { title: `${title}: ${JSON.stringify(named)}`, run: (world: ContractWorld) => run(world, row) }
  })
}
