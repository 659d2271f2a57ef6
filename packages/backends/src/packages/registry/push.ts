// Makes a revision with packageConstruct: checks the base first, sends once, and looks before it calls a silence a failure.
import { QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { Objects } from '../../objects/port.js'
import { pauseFor } from '../../pause.js'
import type { RegistryGraphql } from '../../registry-api/graphql.js'
import {
  type ConstructEntry,
  type PushParams,
  packageConstructMutation,
} from '../../registry-api/operations/package-construct.js'
import type { PackageRef, PlacedEntry, PushCheck, PushPlan, PushResult, Revision } from '../port.js'
import { checkBase, metadataRecord } from '../push-plan.js'
import { allEntries } from '../pushing/plan-entries.js'
import { uploadEntries } from '../pushing/upload-entries.js'
import { checkRef } from '../revisions.js'
import { registryRevisions, revisionOf } from './revisions.js'

export interface PushDeps {
  readonly graphql: RegistryGraphql
  readonly objects: Pick<Objects, 'put' | 'read'>
  /** Milliseconds to wait before each look for a revision whose push was not answered. */
  readonly lookPausesMs: readonly number[]
}

/** Pushes the plan.
 * @throws {QuiltError} `conflict` when the base does not hold; `invalid_input`, `forbidden` as the registry says;
 *   `timeout` or `upstream` when there was no answer and no new revision has appeared */
export async function pushRevision(deps: PushDeps, plan: PushPlan, options: CallOptions = {}): Promise<PushResult> {
  checkRef(plan)
  const params = pushParams(plan)
  const { directories = [] } = plan
  const planned = await allEntries(plan.entries, options)
  const entries = await uploadEntries(deps.objects, { ...plan, entries: planned }, options)
  const src = { entries: entries.map(constructEntry) }
  const revision = await makeRevision(
    deps,
    {
      plan: { ...plan, totalEntries: entries.length },
      send: async () => (await deps.graphql.run(packageConstructMutation, { params, src }, options)).revision,
    },
    options,
  )
  return {
    revision,
    ...(directories.length === 0
      ? {}
      : { notes: [`The registry keeps no metadata of directories: that of ${directories.length} was left out.`] }),
  }
}

/** What a push of the plan would do. Throws as `pushRevision`. */
export async function checkPush({ graphql }: PushDeps, plan: PushPlan, options: CallOptions = {}): Promise<PushCheck> {
  checkRef(plan)
  pushParams(plan)
  const before = await registryRevisions(graphql).find(plan, 'latest', options)
  checkBase(plan, before?.topHash)
  return { uploads: { objects: 0, bytes: 0 }, copies: { objects: 0, bytes: 0 } }
}

/** A revision that the registry is asked to make. */
export interface Making {
  readonly plan: Attempt['plan']
  /** Asks for it, once. */
  send(): Promise<Parameters<typeof revisionOf>[1]>
}

/** Checks the base, asks once, and looks for the revision when no answer says what became of it. Errors as `pushRevision`. */
export async function makeRevision(
  { graphql, lookPausesMs }: Omit<PushDeps, 'objects'>,
  { plan, send }: Making,
  options: CallOptions,
): Promise<Revision> {
  const before = await registryRevisions(graphql).find(plan, 'latest', options)
  checkBase(plan, before?.topHash)
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

function constructEntry({ logicalKey, physicalKey, size, hash, meta }: PlacedEntry): ConstructEntry {
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
  { graphql, lookPausesMs }: Omit<PushDeps, 'objects'>,
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
