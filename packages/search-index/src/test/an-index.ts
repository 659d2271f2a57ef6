// An index over a registry in memory, in a folder of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { BucketIndex } from '../bucket-index.js'
import { openBucketIndex } from '../open-index.js'
import { type MapSource, mapSource } from './map-source.js'

export interface IndexWorld {
  readonly folder: string
  readonly source: MapSource
  readonly index: BucketIndex
  /** Rows of a statement. */
  rows(sql: string): readonly unknown[]
  /** Values of a statement's one column. */
  values(sql: string): readonly unknown[]
  /** Another look at the same index, as another process has it. */
  second(): Promise<BucketIndex>
}

/** A new one for each test of the file. It is 1970-01-01T00:00:01Z. */
export function anIndex(): IndexWorld {
  let folder = ''
  let source = mapSource()
  let opened: BucketIndex[] = []
  const open = async (): Promise<BucketIndex> => {
    const index = await openBucketIndex({ folder: join(folder, 'cache'), id: 'lab', source, now: () => 1_000 })
    opened.push(index)
    return index
  }
  const first = (): BucketIndex => {
    const [index] = opened
    if (index === undefined) throw new Error('no test is running')
    return index
  }
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quilt-index-'))
    source = mapSource()
    opened = []
    await open()
  })
  afterEach(() => {
    for (const index of opened) index.close()
    rmSync(folder, { recursive: true })
  })
  return {
    get folder() {
      return join(folder, 'cache/lab')
    },
    get source() {
      return source
    },
    get index() {
      return first()
    },
    rows: (sql) => first().db.prepare(sql).all(),
    values: (sql) => first().db.prepare(sql).pluck().all(),
    second: open,
  }
}
