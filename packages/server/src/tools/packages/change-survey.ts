// One walk through the entries of a revision to be made, before it is: what there will be, counted, and what cannot be.
import type { CallOptions, PlannedEntry, PlannedEntryStream } from '@quilt-mcp/backends'
import type { DirectoryMeta } from '@quilt-mcp/core'
import type { Change, ChangedEntries } from './changed-entries.js'
import { directoryWatch } from './clashes.js'
import { filledDirectories } from './directory-metadata.js'
import type { Problems } from './problems.js'
import { mostNamed } from './push-result.js'

export interface Survey {
  readonly entries: PlannedEntryStream
  /** Those of the directories that hold a file. */
  readonly directories: readonly DirectoryMeta[]
}

export interface ChangeSurvey extends Survey {
  /** How many files stay as they are. */
  readonly kept: number
  /** How many changes there are of each kind; kinds without any are left out. */
  readonly counts: Readonly<Record<string, number>>
  /** The first ones, in tree order. */
  readonly changes: readonly Change[]
}

export interface Surveyed {
  /** Metadata that directories shall have if they hold a file, in tree order. */
  readonly directories: readonly DirectoryMeta[]
  readonly problems: Problems
}

/** Walks through a change. */
export async function surveyChange(
  changed: ChangedEntries,
  { directories, problems }: Surveyed,
  options: CallOptions,
): Promise<ChangeSurvey> {
  const counts: Record<string, number> = {}
  const changes: Change[] = []
  let touched = 0
  const listener = {
    changed(change: Change) {
      counts[change.change] = (counts[change.change] ?? 0) + 1
      if (change.change !== 'removed') touched += 1
      if (changes.length < mostNamed) changes.push(change)
    },
    clash: problems.add,
  }
  const batches = (call: CallOptions) => changed.batches(call, listener)
  const survey = await surveyEntries(
    { batches: (call = {}) => changed.batches(call) },
    { directories, problems, first: batches },
    options,
  )
  return { ...survey, kept: survey.entries.count - touched, counts, changes }
}

/** Walks through any entries. @param surveyed `first`: how this one walk is made, if not as all others are */
export async function surveyEntries(
  { batches }: Pick<PlannedEntryStream, 'batches'>,
  {
    directories,
    problems,
    first = batches,
  }: Surveyed & { first?: (call: CallOptions) => AsyncIterable<readonly PlannedEntry[]> },
  options: CallOptions,
): Promise<Survey> {
  const watch = directoryWatch(problems)
  const filled = filledDirectories(directories)
  let count = 0
  for await (const batch of first(options)) {
    options.signal?.throwIfAborted()
    count += batch.length
    for (const { logicalKey } of batch) {
      watch(logicalKey)
      filled.file(logicalKey)
    }
  }
  return { entries: { count, batches }, directories: filled.filled() }
}
