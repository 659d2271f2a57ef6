// A generation is one run of the store. One that was not closed is compared with the rows at the next start: blobs that nothing
// names go. A run that was closed has no such blobs and no row, so a start after a close looks at nothing.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { BlobFolder } from './blobs.js'
import type { Db } from './database.js'

const blobName = z.object({ blob: z.string() })
const generationName = z.object({ name: z.string() })

export interface Generation {
  readonly name: string
  /** Removes what earlier runs left. */
  recover(blobs: BlobFolder): void
  /** Removes blobs that are listed as garbage. One that cannot go now goes at the next start. */
  sweep(blobs: BlobFolder, names: readonly string[]): void
  /** Says that nothing is left to look for. */
  closeClean(): void
}

/** Begins a run. */
export function newGeneration(db: Db): Generation {
  const name = randomUUID().slice(0, 8)
  const unclean = db
    .prepare('select name from s3_generations')
    .all()
    .map((row) => generationName.parse(row).name)
  db.prepare('insert into s3_generations values (?)').run(name)
  const ended = db.prepare('delete from s3_generations where name = ?')
  const forget = db.prepare('delete from s3_garbage where blob = ?')

  const sweep = (blobs: BlobFolder, names: readonly string[]): void => {
    for (const blob of names) {
      blobs.discard(blob)
      forget.run(blob)
    }
  }

  return {
    name,
    sweep,
    recover(blobs) {
      if (unclean.length > 0) {
        const named = namedBlobs(db)
        for (const generation of unclean) {
          for (const blob of blobs.names(generation)) if (!named.has(blob)) blobs.discard(blob)
          ended.run(generation)
        }
      }
      const garbage = db.prepare('select blob from s3_garbage').all()
      sweep(
        blobs,
        garbage.map((row) => blobName.parse(row).blob),
      )
    },
    closeClean: () => {
      ended.run(name)
    },
  }
}

function namedBlobs(db: Db): ReadonlySet<string> {
  const rows = db
    .prepare(
      `select blob from s3_versions where blob is not null
       union all select blob from s3_version_parts
       union all select blob from s3_upload_parts`,
    )
    .all()
  return new Set(rows.map((row) => blobName.parse(row).blob))
}
