// Makes a revision with packageConstruct: checks the base first, sends once, and looks before it calls a silence a failure.
import { isJsonObject, type Json, type JsonObject, QuiltError } from '@quilt-mcp/core'
import type { CallOptions, PlannedEntry, PushPlan, PushResult, Revision } from '../backend.js'
import { pauseFor } from '../pause.js'
import type { RegistryGraphql } from '../registry-api/graphql.js'
import {
  type ConstructEntry,
  type PushParams,
  packageConstructMutation,
} from '../registry-api/operations/package-construct.js'
import { checkRef, findRevision, revisionOf } from './revisions.js'

export interface PushDeps {
  readonly graphql: RegistryGraphql
  /** Milliseconds to wait before each look for a revision whose push was not answered. */
  readonly lookPausesMs: readonly number[]
}

/** Pushes the plan.
 * @throws {QuiltError} `conflict` when the base does not hold; `invalid_input`, `forbidden` as the registry says;
 *   `timeout` or `upstream` when there was no answer and no new revision has appeared */
export async function pushRevision(
  { graphql, lookPausesMs }: PushDeps,
  plan: PushPlan,
  options: CallOptions = {},
): Promise<PushResult> {
  checkRef(plan)
  const params = paramsOf(plan)
  const before = await findRevision(graphql, plan, 'latest', options)
  checkBase(plan, before)
  try {
    const { revision } = await graphql.run(
      packageConstructMutation,
      { params, src: { entries: plan.entries.map(constructEntry) } },
      options,
    )
    return { revision: { totalEntries: plan.entries.length, ...revisionOf(plan, revision) } }
  } catch (error) {
    if (options.signal?.aborted || !isSilence(error)) throw error
    const made = await lookFor({ graphql, lookPausesMs }, { plan, before }, options)
    if (made !== undefined) return { revision: made }
    throw notSeen(plan, before, error)
  }
}

function checkBase({ bucket, name, base }: PushPlan, latest: Revision | undefined): void {
  if (base === undefined || (base ?? undefined) === latest?.topHash) return
  const expected = base === null ? 'that there is no such package' : `latest to be ${base}`
  const found = latest === undefined ? 'there is none' : `latest is ${latest.topHash}`
  throw new QuiltError('conflict', `${name} in ${bucket}: expected ${expected}, but ${found}; nothing was written`, {
    hint:
      base === null
        ? 'Change the existing package with package_update, or choose another name.'
        : 'Read the current revision, then make the change again.',
    details: { bucket, name, expected: base, found: latest?.topHash ?? null },
    nextTools: base === null ? ['package_update', 'package_browse'] : ['package_browse', 'package_diff'],
  })
}

function paramsOf({ bucket, name, message, userMeta, workflow }: PushPlan): PushParams {
  return {
    bucket,
    name,
    message,
    ...(userMeta === undefined ? {} : { userMeta: recordOrNull(userMeta) }),
    ...(workflow === undefined ? {} : { workflow: workflow ?? '' }),
  }
}

function recordOrNull(userMeta: Json): JsonObject | null {
  if (userMeta === null || isJsonObject(userMeta)) return userMeta
  throw new QuiltError('invalid_input', 'The registry takes only an object, or nothing, as package metadata', {
    hint: 'Wrap the value in an object: {"value": ...}.',
  })
}

function constructEntry({ logicalKey, physicalKey, size, hash, meta }: PlannedEntry): ConstructEntry {
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
  readonly plan: PushPlan
  readonly before: Revision | undefined
}

/** Looks whether `latest` has become what was pushed. */
async function lookFor(
  { graphql, lookPausesMs }: PushDeps,
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
    if (sameMessage && (latest.totalEntries === undefined || latest.totalEntries === plan.entries.length)) return latest
  }
  return undefined
}

/** `latest`, or undefined when this look is not answered either: then only a later look can tell. */
async function latestIfAnswered(
  graphql: RegistryGraphql,
  plan: PushPlan,
  signal: AbortSignal | undefined,
): Promise<Revision | undefined> {
  try {
    return await findRevision(graphql, plan, 'latest', { signal })
  } catch (error) {
    if (signal?.aborted || !(error instanceof QuiltError)) throw error
    return undefined
  }
}

function notSeen({ bucket, name }: PushPlan, before: Revision | undefined, cause: QuiltError): QuiltError {
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
