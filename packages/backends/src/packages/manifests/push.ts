// Makes a revision in a registry that is nothing but stored files: checks all, fills in facts, then writes in quilt3's order
// (formats.md 1.4): manifest, pointer of the time, `latest`.
import {
  clashingEntries,
  compareLogicalKeys,
  type Entry,
  type EntryFailure,
  emptyJsonObject,
  type Json,
  type ManifestHeader,
  newHeader,
} from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { CallOptions } from '../../call-options.js'
import type { EntryObjects } from '../../objects/entry-facts.js'
import type { Objects } from '../../objects/port.js'
import { type InputProblem, refusedInput } from '../../refused-input.js'
import type { PlacedEntry, PushCheck, PushPlan, PushResult } from '../port.js'
import { checkBase, metadataRecord } from '../push-plan.js'
import { allEntries } from '../pushing/plan-entries.js'
import { uploadEntries } from '../pushing/upload-entries.js'
import type { RegistryStore } from '../stores/registry-store.js'
import { publish } from './pointer-writes.js'
import { newestFirst, newestPointerTo, pointerNames, readLatest, timeOf } from './pointers.js'
import { checkPushWorkflow, choosePushWorkflow, recordOf, type WorkflowDeps } from './push-workflow.js'
import { type ManifestDraft, measureManifest, storeManifest } from './write.js'

export interface ManifestPushDeps {
  readonly objects: Pick<Objects, 'read' | 'put'>
  readonly entries: Pick<EntryObjects, 'facts'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** What is to be known of every push into a bucket: that it keeps no versions. */
  readonly notesOf?: ((bucket: string, options: CallOptions) => Promise<readonly string[]>) | undefined
}

const entriesAtOnce = 16

/** Pushes the plan.
 * @throws {QuiltError} `conflict` when the base does not hold, or a stored manifest of the same top hash differs; `invalid_input` with
 *   all that is wrong with the entries, or for the workflow; `forbidden` */
export async function pushManifest(
  deps: ManifestPushDeps,
  store: RegistryStore,
  plan: PushPlan,
  options: CallOptions = {},
): Promise<PushResult> {
  const userMeta = plan.userMeta === undefined ? undefined : metadataRecord(plan.userMeta)
  checkBase(plan, (await readLatest(store, plan.name, options))?.topHash)
  const { header, entries } = await settleHeader(
    { store, objects: deps.objects },
    {
      plan: { ...plan, userMeta },
      entries: async () => {
        const planned = await allEntries(plan.entries, options)
        const placed = await uploadEntries(deps.objects, { ...plan, entries: planned }, options)
        return completeEntries(deps.entries, placed, options)
      },
    },
    options,
  )
  return commitRevision(deps, store, { plan, draft: { header, directories: plan.directories ?? [], entries } }, options)
}

/** What a push of the plan would do. Throws as `pushManifest`. */
export async function checkManifestPush(
  deps: ManifestPushDeps,
  store: RegistryStore,
  plan: PushPlan,
  options: CallOptions = {},
): Promise<PushCheck> {
  const userMeta = plan.userMeta === undefined ? undefined : metadataRecord(plan.userMeta)
  checkBase(plan, (await readLatest(store, plan.name, options))?.topHash)
  await settleHeader(
    { store, objects: deps.objects },
    { plan: { ...plan, userMeta }, entries: async () => [] },
    options,
  )
  return { uploads: { objects: 0, bytes: 0 }, copies: { objects: 0, bytes: 0 } }
}

/** What a header is made of, and the entries that a workflow may look at. */
export interface HeaderSubject {
  readonly plan: Pick<PushPlan, 'name' | 'message' | 'workflow'> & { readonly userMeta?: Json | undefined }
  readonly entries: () => Promise<readonly Entry[]>
}

/** Checks the workflow, and makes the header that says so. Entries are asked for as late as the workflow allows: to know them may take
 * reading all objects. */
export async function settleHeader(
  deps: WorkflowDeps,
  { plan: { name, message, userMeta, workflow: asked }, entries: load }: HeaderSubject,
  options: CallOptions,
): Promise<{ readonly header: ManifestHeader; readonly entries: readonly Entry[] }> {
  const workflow = await choosePushWorkflow(deps, asked, options)
  const subject = { name, message, userMeta }
  const early = workflow?.choice.entriesSchema === undefined
  if (workflow !== undefined && early) await checkPushWorkflow(workflow, { ...subject, entries: [] })
  const entries = await load()
  if (workflow !== undefined && !early) await checkPushWorkflow(workflow, { ...subject, entries: [entries] })
  const record = workflow === undefined ? undefined : recordOf(workflow)
  return { header: newHeader({ message, userMeta, workflow: record }), entries }
}

/** Writes a revision whose content is settled. */
export async function commitRevision(
  { now, notesOf }: Pick<ManifestPushDeps, 'now' | 'notesOf'>,
  store: RegistryStore,
  {
    plan,
    draft,
  }: { readonly plan: Pick<PushPlan, 'bucket' | 'name' | 'base' | 'message'>; readonly draft: ManifestDraft },
  options: CallOptions = {},
): Promise<PushResult> {
  const { bucket, name, message } = plan
  const manifest = await measureManifest(draft)
  const { topHash } = manifest
  const notes = [...((await notesOf?.(bucket, options)) ?? [])]
  // Again: hashing may have taken its time.
  const latest = await readLatest(store, name, options)
  checkBase(plan, latest?.topHash)
  options.signal?.throwIfAborted()
  const { existed, otherPlaces } = await storeManifest(store, manifest, options)
  if (otherPlaces > 0) notes.push(keptPlaces(otherPlaces))
  const newest = existed ? newestFirst(await pointerNames(store, name, options)) : []
  let pointer: string | undefined
  if (latest?.topHash === topHash) {
    pointer = await newestPointerTo(store, { name, newest, topHash }, options)
  } else {
    // A push that was cut off after its pointer is completed, not made twice.
    const left = await newestPointerTo(store, { name, newest: newest.slice(0, 1), topHash }, options)
    pointer = await publish(store, { plan, topHash, latest, pointer: left, now }, options)
  }
  const modified = (pointer === undefined ? undefined : timeOf(pointer)) ?? latest?.modified
  return {
    revision: {
      bucket,
      name,
      topHash,
      ...(modified === undefined ? {} : { modified }),
      message,
      totalEntries: draft.entries.length,
      totalBytes: draft.entries.reduce((sum, { size }) => sum + size, 0),
    },
    ...(notes.length > 0 ? { notes } : {}),
  }
}

/** Entries in tree order, with the facts of their objects. @throws {QuiltError} `invalid_input` with all that is wrong */
async function completeEntries(
  objects: Pick<EntryObjects, 'facts'>,
  planned: readonly PlacedEntry[],
  options: CallOptions,
): Promise<readonly Entry[]> {
  const problems: (InputProblem & { readonly index: number })[] = clashingEntries(planned).map(({ index, failure }) =>
    problemAt(index, failure),
  )
  let done = 0
  const completed = await pLimit(entriesAtOnce).map(planned, async (entry, index): Promise<Entry | undefined> => {
    options.signal?.throwIfAborted()
    const outcome = await objects.facts(entry, { signal: options.signal })
    done += 1
    options.onProgress?.({ done, total: planned.length, message: 'Looking at objects' })
    if ('failure' in outcome) {
      problems.push(problemAt(index, outcome.failure))
      return undefined
    }
    const { logicalKey, meta = emptyJsonObject, unknown } = entry
    return { logicalKey, ...outcome.facts, meta, ...(unknown === undefined ? {} : { unknown }) }
  })
  if (problems.length > 0) {
    throw refusedInput(
      'Making a revision',
      problems.toSorted((a, b) => a.index - b.index).map(({ index: _, ...problem }) => problem),
    )
  }
  return completed.filter((entry) => entry !== undefined).sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
}

const problemAt = (index: number, failure: EntryFailure) => ({ index, path: `src.entries.${index}`, ...failure })

function keptPlaces(count: number): string {
  const entries = count === 1 ? 'one entry' : `${count} entries`
  return (
    `The registry has a manifest of this top hash already, in which ${entries} lie at other places; it was kept as it is. ` +
    'To have your places in it, push again with another message.'
  )
}
