// How long SQLite itself works in this process: what nothing that builds an index in it can go below.
import Database from 'libsql'

/** Counts from now on. @returns tells the milliseconds */
export function sqliteTime(): () => number {
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
  const db = new Database(':memory:')
  for (const method of ['run', 'get', 'all']) count(Object.getPrototypeOf(db.prepare('select 1')), method)
  count(Database.prototype, 'exec')
  db.close()
  return () => ms
}
