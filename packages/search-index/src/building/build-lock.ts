// One builder at a time, in all processes. The system lets go of the lock when its process ends, however it ends.
import { closeSync, openSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Db, isBusy, isDamage, type OpenDatabase } from '../sqlite.js'

const pauseMs = 20

/** Waits until nobody else builds.
 * @param path of the lock's file; its folder exists
 * @returns lets go of it @throws the signal's reason */
export async function takeBuildLock(
  path: string,
  openDatabase: OpenDatabase,
  signal: AbortSignal | undefined,
): Promise<() => void> {
  for (;;) {
    signal?.throwIfAborted()
    const lock = locked(path, openDatabase)
    if (lock !== undefined) {
      return () => {
        lock.exec('rollback')
        lock.close()
      }
    }
    await sleep(pauseMs * (0.5 + Math.random()))
  }
}

function locked(path: string, openDatabase: OpenDatabase): Db | undefined {
  closeSync(openSync(path, 'a', 0o600))
  const db = openDatabase(path)
  try {
    db.pragma('busy_timeout = 0')
    db.exec('begin exclusive')
    return db
  } catch (error) {
    db.close()
    if (isDamage(error)) rmSync(path, { force: true })
    else if (!isBusy(error)) throw error
    return undefined
  }
}
