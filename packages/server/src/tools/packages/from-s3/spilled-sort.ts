// Sorts more records than memory should hold: runs that are sorted go to files of a temporary folder, and are merged when they are read.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareLogicalKeys } from '@quilt-mcp/core'
import { type RecordFormat, readRecords, writeRecords } from './record-file.js'
import { type Batches, type Keyed, mergeSorted } from './sorted-streams.js'

export interface SpilledSort<T> {
  add(records: readonly T[]): Promise<void>
  /** All that was added, in tree order, as often as it is asked for. */
  sorted(): Batches<T>
}

/** Files that are gone when the work is. */
export interface TemporaryFiles {
  /** A path that no other has. */
  next(): Promise<string>
  remove(): Promise<void>
}

/** Makes the folder at the first use. */
export function temporaryFiles(): TemporaryFiles {
  let folder: Promise<string> | undefined
  let made = 0
  return {
    async next() {
      folder ??= mkdtemp(join(tmpdir(), 'quilt-mcp-from-s3-'))
      return join(await folder, String(made++))
    },
    async remove() {
      if (folder !== undefined) await rm(await folder, { recursive: true, force: true })
    },
  }
}

export interface SpilledSortOptions<T> {
  readonly files: TemporaryFiles
  readonly format: RecordFormat<T>
  /** Records held in memory. */
  readonly mostHeld?: number
}

/** At most so many files are open at a time: more runs are merged into one first. */
const mostRuns = 64

/** Makes a sort. */
export function spilledSort<T extends Keyed>({
  files,
  format,
  mostHeld = 50_000,
}: SpilledSortOptions<T>): SpilledSort<T> {
  let held: T[] = []
  let runs: string[] = []
  const read = (path: string) => readRecords(path, format)

  const sortHeld = (): void => {
    held.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
  }
  const spill = async (): Promise<void> => {
    sortHeld()
    const path = await files.next()
    await writeRecords(path, batchesOf(held), format)
    held = []
    runs.push(path)
    if (runs.length < mostRuns) return
    const merged = await files.next()
    await writeRecords(merged, mergeSorted(runs.map(read)), format)
    await Promise.all(runs.map((run) => rm(run)))
    runs = [merged]
  }

  return {
    async add(records) {
      for (const record of records) held.push(record)
      if (held.length >= mostHeld) await spill()
    },
    sorted() {
      sortHeld()
      return mergeSorted([...runs.map(read), batchesOf(held)])
    },
  }
}

const batchSize = 1_000

/** A list in batches. */
export async function* batchesOf<T>(records: readonly T[]): AsyncGenerator<readonly T[], void, undefined> {
  for (let at = 0; at < records.length; at += batchSize) yield records.slice(at, at + batchSize)
}
