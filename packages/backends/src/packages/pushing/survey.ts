// The first pass over the entries of a plan: looks at every object, names all that is wrong, and counts what is to be done. It writes
// nothing.
import {
  type CheckedEntry,
  compareLogicalKeys,
  createClashCheck,
  type Entry,
  type EntryFailure,
  emptyJsonObject,
  encodeManifestJson,
  invalidParameter,
  maxManifestRecordBytes,
  QuiltError,
  wrongFacts,
} from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import { contentSize } from '../../objects/content.js'
import type { EntryObjects, EntryOutcome, FoundEntry } from '../../objects/entry-facts.js'
import type { PlannedEntry, PushPlan, Volume } from '../port.js'
import { type EntryRefusal, entryProblems } from './entry-problems.js'
import type { EntryRecords } from './entry-records.js'
import { inOrder, type Step } from './in-order.js'
import { hasContent, type OrderedEntries } from './plan-entries.js'

export interface SurveyPlan {
  readonly entries: OrderedEntries
  /** How many they are. */
  readonly count: number
  readonly look: EntryObjects['look']
  /** Whether the object of an entry is to be copied to the package. */
  readonly copies: (logicalKey: string, physicalKey: string) => boolean
  /** Filled with what was found. */
  readonly records: EntryRecords
  /** Told what a workflow may look at. Absent: it does not. */
  readonly onEntries?: ((entries: readonly CheckedEntry[]) => void) | undefined
  /** As in a plan. */
  readonly onCompleted?: PushPlan['onCompleted'] | undefined
  /** For errors: `Making a revision`. */
  readonly attempt: string
}

/** A survey. Its numbers grow while its batches are gone through. */
export interface Survey {
  /** Entries that are complete, in tree order, as long as all before them are, too.
   * @throws {QuiltError} `invalid_input`, at the end, with all that is wrong */
  batches(): AsyncGenerator<readonly Entry[], void, undefined>
  readonly uploads: Volume
  readonly copies: Volume
  readonly hashed: Volume
}

const looksAtOnce = 32

export function surveyEntries(plan: SurveyPlan, options: CallOptions = {}): Survey {
  const { entries, count, look, copies, records, onEntries, onCompleted } = plan
  const problems = entryProblems(plan.attempt)
  const isClashing = createClashCheck()
  const survey = { uploads: noVolume(), copies: noVolume(), hashed: noVolume() }
  let last: string | undefined
  let isComplete = true

  const note = (logicalKey: string, { physicalKey, size, hash }: FoundEntry): void => {
    if (hash !== undefined && !copies(logicalKey, physicalKey)) onCompleted?.([{ logicalKey, physicalKey, size, hash }])
  }
  const step = (entry: PlannedEntry): Step<Seen> => {
    if (hasContent(entry)) return { done: { entry, outcome: ownContent(entry) } }
    const seen = async (looked: EntryOutcome | Promise<EntryOutcome>): Promise<Seen> => {
      const outcome = await looked
      if ('found' in outcome) note(entry.logicalKey, outcome.found)
      return { entry, outcome }
    }
    if (entry.size === undefined || entry.hash === undefined) {
      const wantsHash = !copies(entry.logicalKey, entry.physicalKey)
      return { run: (signal) => seen(look(entry, { signal, wantsHash })) }
    }
    const outcome = look(entry, options)
    return outcome instanceof Promise ? { run: () => seen(outcome) } : { done: { entry, outcome } }
  }

  /** What is left to do for an entry is counted. @returns what to keep of it, and the entry when it is complete */
  const settle = ({ entry, outcome }: Seen) => {
    const { logicalKey, meta = emptyJsonObject } = entry
    if (last !== undefined && compareLogicalKeys(last, logicalKey) > 0) throw outOfOrder(last, logicalKey)
    last = logicalKey
    const failure = isClashing(logicalKey) ?? (meta.size === 0 ? undefined : unwritable(meta))
    if (failure !== undefined) problems.add(logicalKey, refusalOf(failure))
    if ('failure' in outcome) problems.add(logicalKey, refusalOf(outcome.failure))
    if (failure !== undefined || 'failure' in outcome) return undefined
    const { size } = outcome.found
    if (hasContent(entry)) {
      add(survey.uploads, size)
      return { checked: { logicalKey, size, meta } }
    }
    const { physicalKey, hash } = outcome.found
    const found =
      physicalKey === entry.physicalKey && size === entry.size && hash === entry.hash ? undefined : outcome.found
    const checked = { logicalKey, size, meta }
    if (copies(logicalKey, physicalKey)) add(survey.copies, size)
    else if (hash === undefined) add(survey.hashed, size)
    else {
      const { unknown } = entry
      return { checked, found, entry: { ...checked, physicalKey, hash, ...(unknown === undefined ? {} : { unknown }) } }
    }
    return { checked, found: found ?? outcome.found }
  }

  return {
    ...survey,
    async *batches() {
      let done = 0
      const { signal } = options
      for await (const batch of inOrder(entries(options), step, { atOnce: looksAtOnce, signal })) {
        const complete: Entry[] = []
        const found: (FoundEntry | undefined)[] = []
        const checked: CheckedEntry[] = []
        for (const seen of batch) {
          const settled = settle(seen)
          found.push(settled?.found)
          if (settled?.entry === undefined) isComplete = false
          else if (isComplete) complete.push(settled.entry)
          if (settled !== undefined && onEntries !== undefined) checked.push(settled.checked)
        }
        onEntries?.(checked)
        await records.add(found)
        done += batch.length
        options.onProgress?.({ done, total: count, message: 'Looking at objects' })
        if (complete.length > 0) yield complete
      }
      problems.check()
      if (done !== count) throw otherCount(count, done)
    },
  }
}

interface Seen {
  readonly entry: PlannedEntry
  readonly outcome: EntryOutcome
}

function refusalOf({ name, message, context }: EntryFailure): EntryRefusal {
  const error = context?.get('error')
  return { name, message, error: typeof error === 'string' ? error : undefined }
}

const noVolume = () => ({ objects: 0, bytes: 0 })

function add(volume: { objects: number; bytes: number }, bytes: number): void {
  volume.objects += 1
  volume.bytes += bytes
}

function ownContent(entry: PlannedEntry & { readonly content: Parameters<typeof contentSize>[0] }): EntryOutcome {
  const wrong = wrongFacts({ logicalKey: entry.logicalKey })
  return wrong === undefined ? { found: { physicalKey: '', size: contentSize(entry.content) } } : { failure: wrong }
}

/** What is wrong with metadata that no line of a manifest can hold. */
function unwritable(meta: NonNullable<PlannedEntry['meta']>): EntryFailure | undefined {
  try {
    if (Buffer.byteLength(encodeManifestJson(meta)) <= maxManifestRecordBytes) return undefined
    return invalidParameter(`its metadata is longer than ${maxManifestRecordBytes} bytes`)
  } catch (error) {
    if (error instanceof QuiltError) return invalidParameter(error.message)
    throw error
  }
}

function outOfOrder(last: string, logicalKey: string): QuiltError {
  return new QuiltError('internal', `A stream of entries tells ${logicalKey} after ${last}, which is not tree order`, {
    hint: 'Report this: it is a defect of this program.',
  })
}

function otherCount(count: number, done: number): QuiltError {
  return new QuiltError('internal', `A stream of entries was to tell ${count} entries, and told ${done}`, {
    hint: 'Report this: it is a defect of this program.',
  })
}
