// From the keys below a prefix to the files of a package, in tree order, however many there are.
import { checkLogicalKey, QuiltError } from '@quilt-mcp/core'
import type { ToolContext } from '../../../mcp/define-tool.js'
import { type KeptProgress, withEarlierFacts } from './kept-progress.js'
import { type PlannedFile, plannedFileFormat } from './planned-file.js'
import { readRecords, writeRecords } from './record-file.js'
import { createSelection, type SelectionRules, type Skipped } from './selection.js'
import type { Batches } from './sorted-streams.js'
import { batchesOf, spilledSort, type TemporaryFiles } from './spilled-sort.js'
import { createSurveyor, type Survey } from './survey.js'

/** What of a call is needed. */
export type FilePlanContext = Pick<ToolContext, 'backend' | 'signal' | 'onProgress'>

export interface FilePlanOptions {
  readonly source: { readonly bucket: string; readonly prefix: string }
  readonly selection: Omit<SelectionRules, 'prefix'>
  /** From the path below the prefix to that in the package. */
  readonly pathOf: (path: string) => string
  readonly mostFiles: number
  /** Bytes. */
  readonly mostBytes?: number | undefined
  readonly files: TemporaryFiles
  readonly kept?: KeptProgress | undefined
}

export interface FilePlan {
  readonly survey: Survey
  readonly skipped: Readonly<Skipped>
  /** Keys that were listed, and the pages they came in. */
  readonly listed: { readonly keys: number; readonly pages: number }
  /** In tree order, as often as it is asked for. */
  files(): Batches<PlannedFile>
}

const mostHeld = 50_000

/** Lists, chooses, places and sorts.
 * @throws {QuiltError} `not_found` when nothing is chosen; `invalid_input` when limits are passed, or files cannot have their paths: all named */
export async function planFiles(ctx: FilePlanContext, options: FilePlanOptions): Promise<FilePlan> {
  const { source, files, kept } = options
  const gathered = await gather(ctx, options)
  const earlier = (await kept?.earlier(files)) ?? batchesOf([])
  const surveyor = createSurveyor(source)
  const inOrder = withEarlierFacts(gathered.sorted(), earlier, source.bucket)
  async function* surveyed(): AsyncGenerator<readonly PlannedFile[], void, undefined> {
    for await (const batch of inOrder) {
      ctx.signal.throwIfAborted()
      for (const file of batch) surveyor.look(file)
      yield batch
    }
  }
  const replay = await keep(surveyed(), gathered.count, files)
  return { survey: surveyor.survey(), skipped: gathered.skipped, listed: gathered.listed, files: replay }
}

/** All records for later: in memory when they are few. */
async function keep(
  records: Batches<PlannedFile>,
  count: number,
  files: TemporaryFiles,
): Promise<() => Batches<PlannedFile>> {
  if (count > mostHeld) {
    const path = await files.next()
    await writeRecords(path, records, plannedFileFormat)
    return () => readRecords(path, plannedFileFormat)
  }
  const held: PlannedFile[] = []
  for await (const batch of records) held.push(...batch)
  return () => batchesOf(held)
}

async function gather(ctx: FilePlanContext, options: FilePlanOptions) {
  const { source, pathOf, files } = options
  const selection = createSelection({ ...options.selection, prefix: source.prefix })
  const sort = spilledSort<PlannedFile>({ files, format: plannedFileFormat, mostHeld })
  const refused = createRefusedPaths()
  let count = 0
  let bytes = 0
  const listed = { keys: 0, pages: 0 }
  const { signal, onProgress } = ctx
  for await (const page of ctx.backend.objects.keys(source.bucket, { prefix: source.prefix, signal, onProgress })) {
    listed.keys += page.length
    listed.pages += 1
    const chosen: PlannedFile[] = []
    for (const item of page) {
      const path = selection.pathOf(item)
      if (path === undefined) continue
      const { key, size, modified, etag } = item
      const logicalKey = pathOf(path)
      count += 1
      bytes += size
      if (refused.accepts(logicalKey, path))
        chosen.push({ logicalKey, key, size, modified, ...(etag !== undefined && { etag }) })
    }
    checkLimits({ count, bytes }, options)
    await sort.add(chosen)
  }
  refused.throwIfAny()
  if (count === 0) throw nothingChosen(source, listed.keys, selection.skipped)
  return { count, listed, skipped: selection.skipped, sorted: () => sort.sorted() }
}

function checkLimits(
  { count, bytes }: { readonly count: number; readonly bytes: number },
  { mostFiles, mostBytes }: FilePlanOptions,
): void {
  if (count <= mostFiles && bytes <= (mostBytes ?? Number.POSITIVE_INFINITY)) return
  const isCount = count > mostFiles
  const said = isCount ? `${mostFiles} files (max_files)` : `${mostBytes} bytes (max_bytes)`
  throw new QuiltError(
    'invalid_input',
    `there are more than ${said} to take: ${count} files of ${bytes} bytes when the listing was ended`,
    {
      hint: `Choose less with source, include or exclude, or pass ${isCount ? 'max_files' : 'max_bytes'}. Nothing was written.`,
      details: { files: count, bytes, ...(isCount ? { max_files: mostFiles } : { max_bytes: mostBytes }) },
    },
  )
}

function nothingChosen(
  { bucket, prefix }: FilePlanOptions['source'],
  keys: number,
  skipped: Readonly<Skipped>,
): QuiltError {
  if (keys > 0) {
    return new QuiltError('not_found', `none of the ${keys} objects below s3://${bucket}/${prefix} is chosen`, {
      hint: 'Globs are compared with the path below the prefix: **/*.csv means all CSV files, *.csv those of its root.',
      details: { skipped: { ...skipped } },
      nextTools: ['bucket_objects_list'],
    })
  }
  return new QuiltError('not_found', `there are no objects below s3://${bucket}/${prefix}`, {
    hint: 'The source is a folder. For single objects use package_create; bucket_objects_list shows what is there.',
    nextTools: ['bucket_objects_list', 'package_create'],
  })
}

const mostNamed = 100

/** Keys that cannot be paths of a package (formats.md 1.10). */
function createRefusedPaths() {
  const named: { path: string; problem: string }[] = []
  let count = 0
  return {
    accepts(logicalKey: string, path: string): boolean {
      try {
        checkLogicalKey(logicalKey)
        return true
      } catch (error) {
        if (!(error instanceof QuiltError)) throw error
        count += 1
        if (named.length < mostNamed) named.push({ path, problem: error.message })
        return false
      }
    },
    throwIfAny(): void {
      if (count === 0) return
      const first = named.slice(0, 5).map(({ path }) => JSON.stringify(path))
      throw new QuiltError(
        'invalid_input',
        `nothing was written. ${count} keys cannot be paths of a package: ${first.join(', ')}`,
        {
          hint: 'Leave them out with exclude, or use keys: "flatten". A path has no empty part, "." or "..".',
          details: { problems: named, count },
        },
      )
    },
  }
}
