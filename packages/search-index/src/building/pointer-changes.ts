// What has changed since the index was brought up to date: the pointers as they are listed now against those that are in it.
import type { ListedPointer, RegistrySource, SourceOptions } from '../source.js'
import { type Db, onlyValue, rowOf } from '../sqlite.js'

export interface PointerChanges {
  /** Lists all pointers. @throws what the source throws */
  list(source: RegistrySource, options: SourceOptions): Promise<void>
  /** How many packages there are. */
  packages(): number
  /** Packages whose `latest` is new or another one. */
  latest(): readonly string[]
  /** How many other pointers are not as they are in the index. */
  countOlder(): number
  /** The first of them behind a place, by package and pointer. */
  olderAfter(place: Pick<ListedPointer, 'name' | 'pointer'>, limit: number): readonly ListedPointer[]
  /** All pointers of a package. */
  of(name: string): readonly ListedPointer[]
  /** Pointers that are in the index and not in the list. */
  gone(): readonly Omit<ListedPointer, 'stamp'>[]
}

const changed = `from listed l left join package k on k.name = l.name
  left join pointer p on p.package = k.id and p.pointer = l.pointer where p.stamp is not l.stamp`

export function pointerChanges(db: Db): PointerChanges {
  db.exec(`create temp table if not exists listed (
    name text not null, pointer text not null, stamp text not null, primary key (name, pointer)) without rowid;
    delete from listed`)
  const add = db.prepare(
    "insert or replace into listed select value->>'name', value->>'pointer', value->>'stamp' from json_each(?)",
  )
  const latest = db.prepare(`select l.name ${changed} and l.pointer = 'latest' order by l.name`).pluck()
  const after = db.prepare(
    `select l.name, l.pointer, l.stamp ${changed} and l.pointer <> 'latest' and (l.name, l.pointer) > (?, ?)
     order by l.name, l.pointer limit ?`,
  )
  const of = db.prepare('select name, pointer, stamp from listed where name = ?')
  const gone = db.prepare(
    `select k.name, p.pointer from pointer p join package k on k.id = p.package
     left join listed l on l.name = k.name and l.pointer = p.pointer where l.name is null`,
  )
  return {
    async list(source, options) {
      for await (const pointers of source.pointers(options)) {
        options.signal?.throwIfAborted()
        add.run([JSON.stringify(pointers)])
      }
    },
    packages: () => Number(onlyValue(db.prepare('select count(distinct name) from listed').get())),
    latest: () => latest.all().map(String),
    countOlder: () => Number(onlyValue(db.prepare(`select count(*) ${changed} and l.pointer <> 'latest'`).get())),
    olderAfter: ({ name, pointer }, limit) => after.all([name, pointer, limit]).map(pointerOf),
    of: (name) => of.all([name]).map(pointerOf),
    gone: () => gone.all().map(pointerOf),
  }
}

function pointerOf(found: unknown): ListedPointer {
  const { name, pointer, stamp } = rowOf(found)
  return { name: String(name), pointer: String(pointer), stamp: String(stamp) }
}
