// How far an index has come, as it stands in it: every process that has it open can tell.
import type { Indexing } from '@quilt-mcp/core'
import type { IndexState } from './bucket-index.js'
import { type Db, rowOf } from './sqlite.js'

/** `packages`, `objects`: how many are in it and, behind a blank, how many there are; while not all are. `...AtMs`: when they last were.
 * `revisionsToCome`: a number. */
export type FactName = 'packages' | 'packagesAtMs' | 'objects' | 'objectsAtMs' | 'revisionsToCome'

export interface Facts {
  set(name: FactName, value: string | number): void
  remove(name: FactName): void
}

export function facts(db: Db): Facts {
  const set = db.prepare('insert or replace into fact (name, value) values (?, ?)')
  const remove = db.prepare('delete from fact where name = ?')
  return {
    set: (name, value) => void set.run([name, String(value)]),
    remove: (name) => void remove.run([name]),
  }
}

/** What an index says of itself. */
export function stateOf(db: Db): IndexState {
  const rows = db.prepare('select name, value from fact').all().map(rowOf)
  const said = new Map(rows.map(({ name, value }) => [String(name), String(value)]))
  const timeOf = (name: FactName): number | undefined => (said.has(name) ? Number(said.get(name)) : undefined)
  const indexing = (of: Indexing['of'], atMs: number | undefined): Indexing | undefined => {
    const progress = said.get(of)
    if (progress === undefined) return atMs === undefined ? { done: 0, of } : undefined
    const [done = 0, total] = progress.split(' ').map(Number)
    return { done, ...(total === undefined ? {} : { total }), of }
  }
  const [packagesAtMs, objectsAtMs] = [timeOf('packagesAtMs'), timeOf('objectsAtMs')]
  const [packages, objects] = [indexing('packages', packagesAtMs), indexing('objects', objectsAtMs)]
  return {
    ...(packages === undefined ? {} : { packages }),
    ...(packagesAtMs === undefined ? {} : { packagesAtMs }),
    revisionsToCome: Number(said.get('revisionsToCome') ?? 0),
    ...(objects === undefined ? {} : { objects }),
    ...(objectsAtMs === undefined ? {} : { objectsAtMs }),
    unreadable: db
      .prepare('select name, min(why) as why from unreadable group by name')
      .all()
      .map(rowOf)
      .map(({ name, why }) => ({ name: String(name), why: String(why) })),
  }
}
