// The second pass over the entries of a plan: uploads the bytes that come along, copies what is to be copied, hashes what nothing tells
// the hash of. Begun when all was checked.
import { type Entry, emptyJsonObject } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { CallOptions } from '../../call-options.js'
import { contentSize } from '../../objects/content.js'
import type { EntryObjects, FoundEntry } from '../../objects/entry-facts.js'
import type { Objects } from '../../objects/port.js'
import type { PlannedEntry, PushPlan, Volume } from '../port.js'
import type { EntryRecords } from './entry-records.js'
import { inOrder, type Step } from './in-order.js'
import { hasContent, type OrderedEntries } from './plan-entries.js'

/** Where the bytes of an entry are in the end. */
export type Placed = Pick<Entry, 'physicalKey' | 'hash' | 'size'>

/** An entry that nothing is left to be done for. Its hash is absent only where that is left to others. */
export type CompleteEntry = Omit<Entry, 'hash'> & Partial<Pick<Entry, 'hash'>>

export interface CompletionDeps {
  readonly objects: Pick<Objects, 'put'>
  /** Absent: hashes that nothing tells are left out. */
  readonly hash?: EntryObjects['hash'] | undefined
  /** Bucket and folder (with its slash) that bytes go to. */
  readonly target: { readonly bucket: string; readonly folder: string }
  /** The physical key of what lies under a key there. */
  readonly urlOf: (key: string, versionId: string | undefined) => string
  readonly copies: (logicalKey: string, physicalKey: string) => boolean
  readonly copy: (logicalKey: string, found: FoundEntry, options: CallOptions) => Promise<Placed>
  /** As in a plan. */
  readonly onCompleted?: PushPlan['onCompleted'] | undefined
}

export interface Completion {
  readonly entries: OrderedEntries
  readonly records: EntryRecords
  /** What there is to do, by the survey. */
  readonly work: { readonly uploads: Volume; readonly copies: Volume; readonly hashed: Volume }
}

const objectsAtOnce = 32
/** Large objects go in parts, several at a time: each holds some of them in memory. */
const largeAtOnce = 4
const largeBytes = 8_388_608

/** All entries, complete, in tree order. */
export function completeEntries(
  deps: CompletionDeps,
  { entries, records, work: { uploads, copies, hashed } }: Completion,
  options: CallOptions = {},
): AsyncGenerator<readonly CompleteEntry[], void, undefined> {
  const { folder, bucket } = deps.target
  const large = pLimit(largeAtOnce)
  const total = uploads.objects + copies.objects + hashed.objects
  const message = uploads.objects > 0 ? 'Uploading' : copies.objects > 0 ? 'Copying objects' : 'Hashing objects'
  let done = 0

  const put = async (entry: PlannedEntry, signal: AbortSignal): Promise<Placed> => {
    if (!hasContent(entry)) throw new Error('no content')
    const { logicalKey, content, contentType } = entry
    const key = `${folder}${logicalKey}`
    const { size, hash, versionId } = await deps.objects.put({ bucket, key }, content, { contentType, signal })
    return { physicalKey: deps.urlOf(key, versionId), size, hash }
  }
  const working = (
    entry: PlannedEntry,
    size: number,
    run: (signal: AbortSignal) => Promise<Placed>,
  ): Step<CompleteEntry> => ({
    async run(signal) {
      signal.throwIfAborted()
      const placed = await (size < largeBytes ? run(signal) : large(() => run(signal)))
      done += 1
      const { physicalKey, size: bytes, hash } = placed
      deps.onCompleted?.([{ logicalKey: entry.logicalKey, physicalKey, size: bytes, hash }])
      options.onProgress?.({ done, total, message })
      return entryOf(entry, placed)
    },
  })
  const step = ({ entry, found }: Recorded): Step<CompleteEntry> => {
    if (hasContent(entry)) return working(entry, contentSize(entry.content), (signal) => put(entry, signal))
    const { physicalKey, size = 0, hash } = found ?? entry
    const known = found ?? { physicalKey, size, ...(hash === undefined ? {} : { hash }) }
    const { logicalKey } = entry
    if (deps.copies(logicalKey, physicalKey))
      return working(entry, size, (signal) => deps.copy(logicalKey, known, { signal }))
    const { hash: hashOf } = deps
    if (hash !== undefined || hashOf === undefined) return { done: entryOf(entry, known) }
    return working(entry, 0, async (signal) => ({ physicalKey, size, hash: await hashOf(known, { signal }) }))
  }
  return inOrder(recorded(entries(options), records), step, { atOnce: objectsAtOnce, signal: options.signal })
}

interface Recorded {
  readonly entry: PlannedEntry
  readonly found: FoundEntry | undefined
}

/** Each entry with what was found of it. */
async function* recorded(
  batches: ReturnType<OrderedEntries>,
  records: EntryRecords,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  const found = records.read()
  for await (const batch of batches) {
    const together: Recorded[] = []
    for (const entry of batch) together.push({ entry, found: (await found.next()).value ?? undefined })
    yield together
  }
}

function entryOf(
  entry: PlannedEntry,
  { physicalKey, size, hash }: Pick<FoundEntry, 'physicalKey' | 'size' | 'hash'>,
): CompleteEntry {
  const { logicalKey, meta = emptyJsonObject } = entry
  const unknown = 'unknown' in entry ? entry.unknown : undefined
  return {
    logicalKey,
    physicalKey,
    size,
    ...(hash === undefined ? {} : { hash }),
    meta,
    ...(unknown === undefined ? {} : { unknown }),
  }
}
