// What a push has found out of its files, kept on disk while it runs: a repeated call need not look at, hash or copy them again.
// Each try has a plan (the listing it was made from) and a log of files that were done; both go when the push is done, or after a week.
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parsePhysicalKey } from '@quilt-mcp/core'
import type { WorkFolder } from '../../../mcp/work-folder.js'
import { type DoneFile, doneFileFormat, type PlannedFile, plannedFileFormat } from './planned-file.js'
import { readRecords, writeRecords } from './record-file.js'
import { type Batches, joinSorted } from './sorted-streams.js'
import { spilledSort, type TemporaryFiles } from './spilled-sort.js'

export interface KeptProgress {
  /** The files of the last try, in tree order, with what became known of them. Nothing when there was none. */
  earlier(files: TemporaryFiles): Promise<Batches<PlannedFile>>
  /** Begins a try. Earlier ones are forgotten: what is still true of them stands in this plan. */
  begin(plan: Batches<PlannedFile>): Promise<OpenProgress>
}

export interface OpenProgress {
  /** Notes files that are done, so that the end of this process does not lose them. */
  done(files: readonly DoneFile[]): void
  /** Ends the try. @param isDone whether the package is made, and nothing has to be kept */
  end(isDone: boolean): Promise<void>
}

const keptMs = 7 * 24 * 3_600_000

/** Makes the place for one kind of call. @param call what makes calls the same: arguments that decide about places and content */
export function keptProgress({ path, owner }: WorkFolder, call: readonly unknown[]): KeptProgress {
  const all = join(path, 'from-s3')
  const folder = join(
    all,
    createHash('sha256')
      .update(JSON.stringify([owner, ...call]))
      .digest('hex'),
  )
  return {
    async earlier(files) {
      await removeOld(all)
      const last = (await namesIn(folder)).filter((name) => name.endsWith('.plan')).at(-1)
      if (last === undefined) return nothing()
      const done = spilledSort<DoneFile>({ files, format: doneFileFormat })
      const log = join(folder, last.replace(/plan$/, 'done'))
      for await (const batch of readRecords(log, doneFileFormat)) await done.add(batch)
      return withFacts(readRecords(join(folder, last), plannedFileFormat), done.sorted())
    },
    async begin(plan) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const before = await namesIn(folder)
      const name = join(folder, `${Date.now()}-${randomUUID()}`)
      await writeRecords(`${name}.new`, plan, plannedFileFormat)
      const log = openSync(`${name}.done`, 'a', 0o600)
      await rename(`${name}.new`, `${name}.plan`)
      await Promise.all(before.map((old) => rm(join(folder, old), { force: true })))
      return {
        done: (files) => void writeSync(log, files.map((file) => `${doneFileFormat.line(file)}\n`).join('')),
        async end(isDone) {
          closeSync(log)
          if (isDone) await rm(folder, { recursive: true, force: true })
        },
      }
    },
  }
}

/** The same where the folder can be used; without it otherwise. @param onProblem told in words, once */
export function whereItCanBeKept(kept: KeptProgress, onProblem: (problem: string) => void): KeptProgress {
  let isBroken = false
  /** A folder that cannot be used costs a repetition its start, and must not cost the package. */
  const goOn = (error: unknown): void => {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error
    if (!isBroken) onProblem(`the cache folder cannot be used (${error.code}): a call that breaks off will begin anew`)
    isBroken = true
  }
  return {
    async earlier(files) {
      try {
        return await kept.earlier(files)
      } catch (error) {
        goOn(error)
        return nothing()
      }
    },
    async begin(plan) {
      try {
        const { done, end } = await kept.begin(plan)
        return {
          end,
          done(files) {
            try {
              if (!isBroken) done(files)
            } catch (error) {
              goOn(error)
            }
          },
        }
      } catch (error) {
        goOn(error)
        return { done() {}, async end() {} }
      }
    },
  }
}

/** Runs a push, and keeps what it found out while it runs: until it is done. */
export async function whileKept<T>(
  kept: KeptProgress | undefined,
  plan: { files(): Batches<PlannedFile> },
  push: (onCompleted: OpenProgress['done'] | undefined) => Promise<T>,
): Promise<T> {
  const open = await kept?.begin(plan.files())
  let isDone = false
  try {
    const made = await push(open?.done)
    isDone = true
    return made
  } finally {
    await open?.end(isDone)
  }
}

async function* nothing(): AsyncGenerator<never, void, undefined> {}

/** The plan, with the facts of files that were done. */
async function* withFacts(
  plan: Batches<PlannedFile>,
  done: Batches<DoneFile>,
): AsyncGenerator<readonly PlannedFile[], void, undefined> {
  for await (const pairs of joinSorted(plan, done)) {
    yield pairs.flatMap(({ left: file, right: facts }): readonly PlannedFile[] => {
      if (file === undefined) return []
      if (facts === undefined || facts.size !== file.size) return [file]
      return [{ ...file, known: { physicalKey: facts.physicalKey, hash: facts.hash } }]
    })
  }
}

/** The files of a new listing, with what an earlier try knows of those whose objects have not changed since. */
export async function* withEarlierFacts(
  files: Batches<PlannedFile>,
  earlier: Batches<PlannedFile>,
  bucket: string,
): AsyncGenerator<readonly PlannedFile[], void, undefined> {
  for await (const pairs of joinSorted(files, earlier)) {
    yield pairs.flatMap(({ left: file, right: before }): readonly PlannedFile[] => {
      if (file === undefined) return []
      if (before?.known === undefined || !isSameObject(file, before) || !isLasting(before, bucket)) return [file]
      return [{ ...file, known: before.known }]
    })
  }
}

const isSameObject = (a: PlannedFile, b: PlannedFile): boolean =>
  a.key === b.key && a.size === b.size && a.modified === b.modified && a.etag === b.etag

/** Whether the place still holds these bytes: it is a version, or the object that was just listed. A copy may be gone. */
function isLasting({ key, known }: PlannedFile, bucket: string): boolean {
  if (known === undefined) return false
  const place = parsePhysicalKey(known.physicalKey)
  return place.kind === 's3' && (place.versionId !== undefined || (place.bucket === bucket && place.key === key))
}

/** The names in a folder, sorted; none when there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

async function removeOld(all: string): Promise<void> {
  const oldest = Date.now() - keptMs
  for (const name of await namesIn(all)) {
    const folder = join(all, name)
    const times = await Promise.all(
      (await namesIn(folder)).map(async (file) => (await stat(join(folder, file))).mtimeMs),
    )
    if (times.every((time) => time < oldest)) await rm(folder, { recursive: true, force: true })
  }
}
