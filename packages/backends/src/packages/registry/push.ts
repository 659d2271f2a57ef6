// Makes a revision with packageConstruct: checks the base first, sends once, and looks before it calls a silence a failure.
import { QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import { pauseFor } from '../../pause.js'
import type { RegistryGraphql } from '../../registry-api/graphql.js'
import {
  type ConstructEntry,
  type PushParams,
  packageConstructMutation,
} from '../../registry-api/operations/package-construct.js'
import type { PackageRef, PlannedEntry, PushCheck, PushPlan, PushResult, Revision } from '../port.js'
import { checkBase, metadataRecord } from '../push-plan.js'
import type { CompleteEntry } from '../pushing/complete.js'
import { entryCount, hasContent } from '../pushing/plan-entries.js'
import { checkRef } from '../revisions.js'
import { overtakenBy, overtakenNotes } from './overtaken.js'
import type { OwnReach } from './own-reach.js'
import { preparePush } from './prepare-push.js'
import { namedEntries } from './refused-entries.js'
import { registryRevisions, revisionOf } from './revisions.js'

export interface PushDeps {
  readonly graphql: RegistryGraphql
  /** Absent: nothing but the registry is asked. */
  readonly own?: OwnReach | undefined
  /** Milliseconds to wait before each look for a revision whose push was not answered. */
  readonly lookPausesMs: readonly number[]
}

/** Pushes the plan.
 * @throws {QuiltError} `conflict` when the base does not hold; `invalid_input`, `forbidden` as the registry says;
 *   `timeout` or `upstream` when there was no answer and no new revision has appeared */
export async function pushRevision(deps: PushDeps, plan: PushPlan, options: CallOptions = {}): Promise<PushResult> {
  checkRef(plan)
  const params = pushParams(plan)
  let entries: readonly ConstructEntry[] = []
  const making = {
    plan: { ...plan, totalEntries: entryCount(plan.entries) },
    async prepare() {
      const prepared = await preparePush({ own: deps.own, looksAtAll: false }, plan, options)
      entries = (await prepared.complete()).map(constructEntry)
      return prepared.uploads.objects + prepared.copies.objects > 0
    },
    async send() {
      try {
        return (await deps.graphql.run(packageConstructMutation, { params, src: { entries } }, options)).revision
      } catch (error) {
        throw namedEntries(error, (index) => entries[index]?.logicalKey)
      }
    },
  }
  const revision = await makeRevision(deps, making, options)
  const overtaken = await overtakenBy(deps.graphql, plan, revision, options)
  const notes = [...directoryNotes(plan), ...overtakenNotes(overtaken)]
  return {
    revision,
    ...(overtaken === undefined || overtaken.length === 0 ? {} : { overtaken }),
    ...(notes.length === 0 ? {} : { notes }),
  }
}

/** What a push of the plan would do. Throws as `pushRevision`, as far as that can be told without the registry. */
export async function checkPush(deps: PushDeps, plan: PushPlan, options: CallOptions = {}): Promise<PushCheck> {
  checkRef(plan)
  pushParams(plan)
  const before = await registryRevisions(deps.graphql).find(plan, 'latest', options)
  checkBase(plan, before?.topHash)
  const { complete: _, notes = [], ...told } = await preparePush({ own: deps.own, looksAtAll: true }, plan, options)
  const all = [...notes, ...directoryNotes(plan)]
  return { ...told, ...(all.length === 0 ? {} : { notes: all }) }
}

function directoryNotes({ directories = [] }: PushPlan): readonly string[] {
  if (directories.length === 0) return []
  return [`The registry keeps no metadata of directories: that of ${directories.length} is left out.`]
}

/** A revision that the registry is asked to make. */
export interface Making {
  readonly plan: Attempt['plan']
  /** What is to be done between the check of the base and the asking. @returns whether it wrote objects: then the base is checked again */
  prepare?(): Promise<boolean>
  /** Asks for it, once. */
  send(): Promise<Parameters<typeof revisionOf>[1]>
}

/** Checks the base, asks once, and looks for the revision when no answer says what became of it. Errors as `pushRevision`. */
export async function makeRevision(
  { graphql, lookPausesMs }: Omit<PushDeps, 'own'>,
  { plan, prepare, send }: Making,
  options: CallOptions,
): Promise<Revision> {
  const latest = async () => {
    const found = await registryRevisions(graphql).find(plan, 'latest', options)
    checkBase(plan, found?.topHash)
    return found
  }
  let before = await latest()
  if (await prepare?.()) before = await latest()
  try {
    const revision = revisionOf(plan, await send())
    return plan.totalEntries === undefined ? revision : { totalEntries: plan.totalEntries, ...revision }
  } catch (error) {
    if (options.signal?.aborted || !isSilence(error)) throw error
    const made = await lookFor({ graphql, lookPausesMs }, { plan, before }, options)
    if (made !== undefined) return made
    throw notSeen(plan, before, error)
  }
}

/** Parameters of a push as the registry takes them. */
export function pushParams({
  bucket,
  name,
  message,
  userMeta,
  workflow,
}: Pick<PushPlan, 'bucket' | 'name' | 'message' | 'userMeta' | 'workflow'>): PushParams {
  return {
    bucket,
    name,
    message,
    ...(userMeta === undefined ? {} : { userMeta: metadataRecord(userMeta) }),
    ...(workflow === undefined ? {} : { workflow: workflow ?? '' }),
  }
}

function constructEntry(entry: PlannedEntry | CompleteEntry): ConstructEntry {
  if (hasContent(entry)) throw new Error(`${entry.logicalKey} was not uploaded`)
  const { logicalKey, physicalKey, size, hash, meta } = entry
  return {
    logicalKey,
    physicalKey,
    size,
    hash: hash && { type: hash.type, value: hash.value },
    meta: meta === undefined || meta.size === 0 ? undefined : meta,
  }
}

/** No answer, or one that does not say whether it was done. A refusal by the registry (`details.name`) is an answer. */
function isSilence(error: unknown): error is QuiltError {
  if (!(error instanceof QuiltError) || error.details?.name !== undefined) return false
  return error.code === 'timeout' || error.code === 'upstream' || error.code === 'partial'
}

interface Attempt {
  readonly plan: Pick<PushPlan, 'bucket' | 'name' | 'base' | 'message'> & {
    /** How many the revision will have. Absent: not known. */
    readonly totalEntries?: number | undefined
  }
  readonly before: Revision | undefined
}

/** Looks whether `latest` has become what was pushed. */
async function lookFor(
  { graphql, lookPausesMs }: Omit<PushDeps, 'own'>,
  { plan, before }: Attempt,
  { signal, onProgress }: CallOptions,
): Promise<Revision | undefined> {
  for (const [index, pause] of lookPausesMs.entries()) {
    await pauseFor(pause, signal)
    onProgress?.({
      done: index + 1,
      total: lookPausesMs.length,
      message: 'No answer to the push: looking for the new revision',
    })
    const latest = await latestIfAnswered(graphql, plan, signal)
    if (latest === undefined || latest.topHash === before?.topHash) continue
    const sameMessage = (latest.message ?? null) === plan.message
    const { totalEntries = latest.totalEntries } = plan
    if (sameMessage && (latest.totalEntries === undefined || latest.totalEntries === totalEntries)) return latest
  }
  return undefined
}

/** `latest`, or undefined when this look is not answered either: then only a later look can tell. */
async function latestIfAnswered(
  graphql: RegistryGraphql,
  plan: PackageRef,
  signal: AbortSignal | undefined,
): Promise<Revision | undefined> {
  try {
    return await registryRevisions(graphql).find(plan, 'latest', { signal })
  } catch (error) {
    if (signal?.aborted || !(error instanceof QuiltError)) throw error
    return undefined
  }
}

function notSeen({ bucket, name }: PackageRef, before: Revision | undefined, cause: QuiltError): QuiltError {
  return new QuiltError(
    cause.code,
    `${cause.message}; no new revision of ${name} has appeared so far, but it still may`,
    {
      hint: 'Look with package_revisions before trying again.',
      retryable: false,
      details: { ...cause.details, bucket, name, latestBefore: before?.topHash ?? null },
      nextTools: ['package_revisions'],
      cause,
    },
  )
}
