// Records as lines of a file, written and read in batches.
import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Batches } from './sorted-streams.js'

/** How a record is written as a line. */
export interface RecordFormat<T> {
  line(record: T): string
  /** Undefined: the line holds no record; it was cut off. */
  record(line: string): T | undefined
}

/** Writes all records, for this user alone. @throws what the file system throws */
export async function writeRecords<T>(path: string, records: Batches<T>, { line }: RecordFormat<T>): Promise<void> {
  async function* text(): AsyncGenerator<string, void, undefined> {
    for await (const batch of records) if (batch.length > 0) yield `${batch.map(line).join('\n')}\n`
  }
  await pipeline(
    Readable.from(text(), { objectMode: true, highWaterMark: 1 }),
    createWriteStream(path, { mode: 0o600 }),
  )
}

/** The records of a file; lines that hold none are left out. */
export async function* readRecords<T>(
  path: string,
  { record }: RecordFormat<T>,
): AsyncGenerator<readonly T[], void, undefined> {
  let rest = ''
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 131_072 })) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    yield lines.map(record).filter((one) => one !== undefined)
  }
  const last = rest === '' ? undefined : record(rest)
  if (last !== undefined) yield [last]
}
