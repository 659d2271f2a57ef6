// How long SQLite itself works in this process: what nothing that builds an index in it can go below.
import type { BucketIndex } from '@quilt-mcp/search-index'

/** Counts from now on, for all connections of the kind that the index has. @returns tells the milliseconds */
export function sqliteTime({ db }: BucketIndex): () => number {
  let ms = 0
  const count = (owner: object, method: string): void => {
    const work: (...values: readonly unknown[]) => unknown = Reflect.get(owner, method)
    Reflect.set(owner, method, function counted(this: unknown, ...values: readonly unknown[]) {
      const from = performance.now()
      try {
        return work.apply(this, values)
      } finally {
        ms += performance.now() - from
      }
    })
  }
  for (const method of ['run', 'get', 'all']) count(Object.getPrototypeOf(db.prepare('select 1')), method)
  count(Object.getPrototypeOf(db), 'exec')
  return () => ms
}
