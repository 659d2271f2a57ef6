// From a change to the plan of a push: on the revision the change is for, or brought together with what is latest by now.
import type { CallOptions, PackageReader, PushPlan } from '@quilt-mcp/backends'
import {
  type DirectoryMeta,
  headerUserMeta,
  headerWorkflow,
  isJsonObject,
  type Json,
  type JsonObject,
  type MergeConflict,
  QuiltError,
} from '@quilt-mcp/core'
import type { ChangeSurvey, Survey } from './change-survey.js'
import { surveyEntries } from './change-survey.js'
import { changedDirectories } from './directory-metadata.js'
import { mergePatch } from './metadata.js'
import type { PackageTarget } from './package-argument.js'
import { createProblems } from './problems.js'
import { rebasedEntries } from './rebased-entries.js'
import { threeWay } from './three-way.js'

/** A change that has been looked through. */
export interface SurveyedChange {
  readonly target: PackageTarget
  readonly base: PackageReader
  /** Metadata of directories of the base. */
  readonly baseDirectories: readonly DirectoryMeta[]
  readonly survey: ChangeSurvey
  readonly userMeta: Json | undefined
  readonly message: string
  /** Absent: that of the last revision. */
  readonly workflow?: string | null | undefined
}

/** The plan for a push on the latest revision.
 * @throws {QuiltError} `conflict` with each path, when the latest revision and the change do not go together */
export async function planOn(latest: PackageReader, change: SurveyedChange, options: CallOptions): Promise<PushPlan> {
  const { target, base, survey, message, workflow } = change
  const isBase = latest.revision.topHash === base.revision.topHash
  const merged = isBase ? { ...survey, userMeta: change.userMeta } : await merge(latest, change, options)
  const { entries, directories, userMeta } = merged
  if (entries.count === 0) throw emptied(target)
  return {
    bucket: target.bucket,
    name: target.name,
    entries,
    directories,
    message,
    base: latest.revision.topHash,
    ...(userMeta !== undefined && { userMeta }),
    ...(workflow === undefined ? workflowOf(headerWorkflow(latest.header)) : { workflow }),
  }
}

/** Paths that a conflict names. */
const mostConflicts = 100

interface Conflict {
  readonly path: string
  readonly reason: MergeConflict['reason'] | 'metadata'
}

async function merge(
  latest: PackageReader,
  { target, base, baseDirectories, survey, userMeta }: SurveyedChange,
  options: CallOptions,
): Promise<Survey & { readonly userMeta: Json | undefined }> {
  const conflicts: Conflict[] = []
  let count = 0
  const conflict = (found: Conflict): void => {
    count += 1
    if (conflicts.length < mostConflicts) conflicts.push(found)
  }
  const values = { base: headerUserMeta(base.header), ours: userMeta, theirs: headerUserMeta(latest.header) }
  const mergedMeta = threeWay(values, (path) => conflict({ path: `metadata ${path}`.trim(), reason: 'metadata' }))
  const directories = mergedDirectories(
    {
      base: baseDirectories,
      ours: survey.directories,
      theirs: (await latest.directories?.(options)) ?? [],
    },
    (path) => conflict({ path, reason: 'metadata' }),
  )
  const merged = rebasedEntries({ base, changed: survey.entries, latest })
  const problems = createProblems()
  const first = (call: CallOptions) =>
    merged.batches(call, ({ logicalKey, reason }) => conflict({ path: logicalKey, reason }))
  const surveyed = await surveyEntries(merged, { directories, problems, first }, options)
  if (count > 0) throw notMerged({ target, base, latest }, conflicts, count)
  problems.throwIfAny()
  return { ...surveyed, userMeta: mergedMeta }
}

function mergedDirectories(
  { base, ours, theirs }: Readonly<Record<'base' | 'ours' | 'theirs', readonly DirectoryMeta[]>>,
  conflict: (path: string) => void,
): readonly DirectoryMeta[] {
  const valuesOf = (directories: readonly DirectoryMeta[]): ReadonlyMap<string, Json> =>
    new Map(directories.map(({ logicalKey, meta }) => [logicalKey, meta]))
  const merged = threeWay({ base: valuesOf(base), ours: valuesOf(ours), theirs: valuesOf(theirs) }, conflict)
  return isJsonObject(merged)
    ? changedDirectories(
        [...merged].map(([logicalKey, meta]) => ({ logicalKey, meta })),
        new Map(),
      )
    : []
}

/** undefined, null and {} stay what they are unless something is given. */
export function changedMetadata(
  before: Json | undefined,
  patch: JsonObject | null | undefined,
  { replace }: { readonly replace: boolean },
): Json | undefined {
  if (patch === undefined) return before
  return replace ? patch : mergePatch(before, patch)
}

/** The workflow that the last revision passed is asked for again; no record, no wish (formats.md 8.4). */
function workflowOf(workflow: Json | undefined): { readonly workflow?: string | null } {
  const id = isJsonObject(workflow) ? workflow.get('id') : undefined
  return typeof id === 'string' || id === null ? { workflow: id } : {}
}

const reasons: Readonly<Record<Conflict['reason'], string>> = {
  both_changed: 'changed there and here, in two ways',
  changed_and_removed: 'changed on one side, removed on the other',
  file_and_directory: 'a file on one side, a directory on the other',
  metadata: 'changed there and here, in two ways',
}

function notMerged(
  {
    target: { bucket, name },
    base,
    latest,
  }: Pick<SurveyedChange, 'target' | 'base'> & { readonly latest: PackageReader },
  conflicts: readonly Conflict[],
  count: number,
): QuiltError {
  const [expected, found] = [base.revision.topHash, latest.revision.topHash]
  const named = conflicts.slice(0, 10).map(({ path, reason }) => `${path}: ${reasons[reason]}`)
  const more = count > named.length ? `; and ${count - named.length} more` : ''
  return new QuiltError(
    'conflict',
    `the change of ${name} for ${expected} does not go together with the latest revision ${found}; nothing was written. ${named.join('; ')}${more}`,
    {
      hint: 'Show both with package_diff, decide path by path, then make the change on the latest revision.',
      details: { bucket, package: name, expected, latest: found, conflicts },
      retryable: false,
      nextTools: ['package_diff', 'package_browse'],
    },
  )
}

const emptied = ({ bucket, name }: PackageTarget): QuiltError =>
  new QuiltError('invalid_input', `nothing would be left of ${name} in ${bucket}; nothing was written`, {
    hint: 'Keep at least one file, or delete the package with package_delete.',
    nextTools: ['package_delete'],
  })
