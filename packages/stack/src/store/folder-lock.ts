import { join } from 'node:path'
import { QuiltError } from '@quilt-mcp/core'
import Database from 'libsql'

/** Keeps a second process out of a data folder: it would sweep what this one is writing. The system lets go of the lock when the
 * process ends, however it ends.
 * @returns lets go of it
 * @throws {QuiltError} `conflict` when another has the folder */
export function lockFolder(dataDir: string): () => void {
  const lock = new Database(join(dataDir, 'objects.lock'))
  try {
    lock.exec('begin exclusive')
  } catch (cause) {
    lock.close()
    throw new QuiltError('conflict', `another process has the data folder ${dataDir} open`, {
      hint: 'Stop the other stack, or choose another data folder.',
      details: { dataDir },
      cause,
    })
  }
  return () => {
    lock.exec('rollback')
    lock.close()
  }
}
