// The files of one index: a folder of its own, in it one SQLite file whose name is never used again. So a connection to a file that was thrown
// away cannot touch its successor: SQLite removes `-wal` by name when the last connection closes.
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { layoutVersion, tables } from './schema.js'
import { type Db, isDamage, type OpenDatabase, onlyValue } from './sqlite.js'

/** A connection and the file it is to. */
export interface OpenFile {
  readonly path: string
  readonly db: Db
}

export interface IndexFiles {
  /** Opens the file of now. Undefined: there is none that can be read. */
  open(): OpenFile | undefined
  /** Makes an empty one. For who builds only: two would each have their own. */
  create(): void
  /** Whether the file is still there: another process may have thrown it away. */
  isThere(file: OpenFile): boolean
  /** Removes a file that is damaged. */
  discard(file: OpenFile): void
  /** Removes all files but this one: those of other layouts, and those that a process left behind. */
  removeOthers(file: OpenFile): void
  /** Path of the file that says who builds. The folder exists. */
  lockPath(): string
}

const lockName = 'build.lock'
const prefix = `v${layoutVersion}-`
const suffix = '.db'
/** Behind the name of a file that is not yet whole. */
const making = '.new'

/** @param folder of this index alone; it and what is in it is for its owner only */
export function indexFiles(folder: string, openDatabase: OpenDatabase): IndexFiles {
  const makeFolder = (): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }
  const newest = (): string | undefined => {
    if (!existsSync(folder)) return undefined
    const names = readdirSync(folder).filter((name) => name.startsWith(prefix) && name.endsWith(suffix))
    return names.toSorted().at(-1)
  }
  const discard = ({ path, db }: OpenFile): void => {
    if (db.open) db.close()
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
  }
  /** Made under a name that is not looked at, so that nobody opens it half made. */
  const create = (): void => {
    makeFolder()
    const name = `${prefix}${String(Date.now()).padStart(15, '0')}-${process.pid}${suffix}`
    const path = join(folder, name + making)
    closeSync(openSync(path, 'w', 0o600))
    const db = openDatabase(path)
    // Of files that lie far apart fewer pages are read than of the usual 4,096.
    db.pragma('page_size = 8192')
    // The tables are written before there is a WAL: libsql may close late, and what is renamed is to be whole.
    db.exec(`begin; ${tables} commit`)
    db.pragma('journal_mode = WAL')
    db.close()
    renameSync(path, join(folder, name))
  }
  return {
    open() {
      const name = newest()
      if (name === undefined) return undefined
      const path = join(folder, name)
      const file = { path, db: openDatabase(path) }
      if (hasTables(file.db)) return file
      discard(file)
      return undefined
    },
    create,
    isThere: ({ path }) => existsSync(path),
    discard,
    removeOthers({ path }) {
      for (const name of readdirSync(folder)) {
        const other = join(folder, name)
        if (name.startsWith(lockName) || other.startsWith(path) || isBeingMade(other)) continue
        rmSync(other, { force: true, recursive: true })
      }
    },
    lockPath() {
      makeFolder()
      return join(folder, lockName)
    },
  }
}

/** Whether another process may be making it right now. */
function isBeingMade(path: string): boolean {
  const made = statSync(path, { throwIfNoEntry: false })
  return path.includes(making) && made !== undefined && Date.now() - made.mtimeMs < 60_000
}

/** Whether it can be read, and has the tables of this layout. */
function hasTables(db: Db): boolean {
  try {
    const count = db.prepare("select count(*) from sqlite_schema where name in ('entry_words', 'object_words')")
    return onlyValue(count.get()) === 2
  } catch (error) {
    if (isDamage(error)) return false
    throw error
  }
}
