// Opens an index, builds it and starts it anew when its file is damaged or gone.
import { join } from 'node:path'
import { QuiltError } from '@quilt-mcp/core'
import type { BucketIndex, IndexState, RefreshOptions } from './bucket-index.js'
import { takeBuildLock } from './building/build-lock.js'
import { refreshObjects } from './building/refresh-objects.js'
import { type RefreshContext, refreshPackages } from './building/refresh-packages.js'
import { stateOf } from './facts.js'
import { indexFiles, type OpenFile } from './index-files.js'
import { tables } from './schema.js'
import type { RegistrySource } from './source.js'
import { type Db, isDamage, type OpenDatabase, sqliteCode } from './sqlite.js'

export interface OpenIndexOptions {
  /** Where indexes are kept; made when it is not there. */
  readonly folder: string
  /** Names the index in the folder: letters, digits, `-`. One for each registry and each who looks at it with other rights. */
  readonly id: string
  readonly source: RegistrySource
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Whether the text of objects is indexed, where the source gives it. Default true. */
  readonly content?: boolean
}

/** Opens an index, or begins an empty one. SQLite is loaded by this call, not before; the first refresh makes the file. */
export async function openBucketIndex({
  folder,
  id,
  source: registry,
  now = Date.now,
  content = true,
}: OpenIndexOptions): Promise<BucketIndex> {
  const { default: Database } = await import('libsql')
  const openDatabase: OpenDatabase = (path) => {
    const db = new Database(path)
    // From the first look on: another process may be closing the same file just now.
    db.pragma('busy_timeout = 5000')
    return db
  }
  const files = indexFiles(join(folder, id), openDatabase)
  const { text: _, ...withoutText } = registry
  const source = content ? registry : withoutText
  let file: OpenFile | undefined
  let nothing: Db | undefined

  function openToSearch(): OpenFile | undefined {
    const opened = translated(folder, () => files.open())
    if (opened === undefined) return undefined
    opened.db.pragma('query_only = 1')
    // No memory map: a file that somebody cuts short would end the process.
    opened.db.pragma('cache_size = -32768')
    return opened
  }
  /** The file of now: another process may have thrown away the one that was open. */
  const current = (): OpenFile | undefined => {
    if (file !== undefined && files.isThere(file)) return file
    file?.db.close()
    file = undefined
    file = openToSearch()
    return file
  }
  /** To search in; where there is no file yet, in tables of which all are empty. */
  const searched = (): Db => {
    const db = current()?.db
    if (db !== undefined) return db
    if (nothing === undefined) {
      nothing = openDatabase(':memory:')
      nothing.exec(tables)
    }
    return nothing
  }
  const discard = (): void => {
    if (file !== undefined) files.discard(file)
    file = undefined
  }

  const refresh = async (
    work: (context: RefreshContext) => Promise<void>,
    { onProgress, ...options }: RefreshOptions,
  ): Promise<IndexState> => {
    const release = await takeBuildLock(
      translated(folder, () => files.lockPath()),
      openDatabase,
      options.signal,
    )
    try {
      await withWriter(async (db) => {
        await work({ db, source, now, options, onProgress: () => onProgress?.(stateOf(db)) })
        const state = stateOf(db)
        onProgress?.(state)
      })
    } finally {
      release()
    }
    return stateOf(searched())
  }

  const created = (): OpenFile => {
    translated(folder, () => files.create())
    const made = current()
    if (made !== undefined) return made
    throw new QuiltError('upstream', `The search index in ${folder} was taken away while it was made`, {
      hint: 'Try again.',
    })
  }

  /** Gives work a connection to write through. When the file proves damaged it begins again, once, with an empty one. */
  const withWriter = async (work: (db: Db) => Promise<void>): Promise<void> => {
    for (let isAgain = false; ; isAgain = true) {
      const building = current() ?? created()
      files.removeOthers(building)
      const db = openDatabase(building.path)
      try {
        // What a crash of the machine loses is built again.
        db.pragma('synchronous = OFF')
        db.pragma('cache_size = -65536')
        db.pragma('journal_size_limit = 16777216')
        await work(db)
        return
      } catch (error) {
        if (!isDamage(error) || isAgain) throw asQuiltError(folder, error)
        discard()
      } finally {
        db.close()
      }
    }
  }

  return {
    bucket: source.bucket,
    get db() {
      return searched()
    },
    refreshPackages: (options = {}) => refresh(refreshPackages, options),
    refreshObjects: (options = {}) => refresh(refreshObjects, options),
    state: () => stateOf(searched()),
    discard,
    close() {
      file?.db.close()
      file = undefined
      nothing?.close()
      nothing = undefined
    },
  }
}

function translated<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asQuiltError(folder, error)
  }
}

const isFileError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)

/** Errors of the disk as ours; others as they are. */
function asQuiltError(folder: string, error: unknown): unknown {
  if (sqliteCode(error) === '' && !isFileError(error)) return error
  return new QuiltError('upstream', `The search index in ${folder} cannot be read or written`, {
    hint: 'Look for room on the disk and for the rights to that folder; it can be deleted at any time.',
    retryable: false,
    cause: error,
  })
}
