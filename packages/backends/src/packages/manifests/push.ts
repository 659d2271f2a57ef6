// Makes a revision in a registry that is nothing but stored files: checks all, fills in facts, then writes in quilt3's order
// (formats.md 1.4): data, manifest, pointer of the time, `latest`.
import type { CallOptions } from '../../call-options.js'
import { asStated } from '../../objects/entry-facts.js'
import type { PushCheck, PushPlan, PushResult } from '../port.js'
import { checkBase } from '../push-plan.js'
import { copyRule } from '../pushing/copy-rule.js'
import { entryCount, isListed, orderedEntries } from '../pushing/plan-entries.js'
import type { RegistryStore } from '../stores/registry-store.js'
import { publish } from './pointer-writes.js'
import { newestFirst, newestPointerTo, pointerNames, readLatest, timeOf } from './pointers.js'
import { prepareRevision, type RevisionDeps, type RevisionDraft } from './prepare.js'
import { toldOf } from './push-workflow.js'
import type { StagedManifest } from './staged-manifest.js'
import { storeManifest } from './write.js'

export interface ManifestPushDeps extends RevisionDeps {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** What is to be known of every push into a bucket: that it keeps no versions. */
  readonly notesOf?: ((bucket: string, options: CallOptions) => Promise<readonly string[]>) | undefined
}

/** Pushes the plan.
 * @throws {QuiltError} `conflict` when the base does not hold, or a stored manifest of the same top hash differs; `invalid_input` with
 *   all that is wrong with the entries, or for the workflow; `forbidden` */
export async function pushManifest(
  deps: ManifestPushDeps,
  store: RegistryStore,
  plan: PushPlan,
  options: CallOptions = {},
): Promise<PushResult> {
  return makeRevision(deps, store, { ...draftOf(store, plan), onCompleted: plan.onCompleted }, options)
}

/** What a push of the plan would do. Throws as `pushManifest`. */
export async function checkManifestPush(
  deps: ManifestPushDeps,
  store: RegistryStore,
  plan: PushPlan,
  options: CallOptions = {},
): Promise<PushCheck> {
  const look = isListed(plan.entries) ? asStated : undefined
  const prepared = await prepareRevision(deps, store, { ...draftOf(store, plan), look }, options)
  await prepared.close()
  const { uploads, copies, hashed, workflow } = prepared
  const notes = (await deps.notesOf?.(plan.bucket, options)) ?? []
  return {
    ...toldOf(workflow),
    uploads,
    copies,
    hashed,
    ...(notes.length > 0 ? { notes } : {}),
  }
}

function draftOf(store: RegistryStore, plan: PushPlan): RevisionDraft {
  const { copy = 'none', directories = [], name } = plan
  const folder = `${name}/`
  return {
    target: plan,
    entries: orderedEntries(plan.entries),
    count: entryCount(plan.entries),
    directories,
    folder,
    copies: copyRule(store, { folder, copy }),
    attempt: 'Making a revision',
  }
}

/** Checks, uploads and copies, writes. */
export async function makeRevision(
  deps: ManifestPushDeps,
  store: RegistryStore,
  draft: RevisionDraft,
  options: CallOptions = {},
): Promise<PushResult> {
  const prepared = await prepareRevision(deps, store, draft, options)
  try {
    return await commitRevision(deps, store, { plan: draft.target, manifest: await prepared.complete() }, options)
  } finally {
    await prepared.close()
  }
}

interface Commit {
  readonly plan: RevisionDraft['target']
  readonly manifest: StagedManifest
}

/** Writes a revision whose content is settled. */
async function commitRevision(
  { now, notesOf }: ManifestPushDeps,
  store: RegistryStore,
  { plan, manifest }: Commit,
  options: CallOptions,
): Promise<PushResult> {
  const { bucket, name, message } = plan
  const { topHash, totalEntries, totalBytes } = manifest
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
      totalEntries,
      totalBytes,
    },
    ...(notes.length > 0 ? { notes } : {}),
  }
}

function keptPlaces(count: number): string {
  const entries = count === 1 ? 'one entry' : `${count} entries`
  return (
    `The registry has a manifest of this top hash already, in which ${entries} lie at other places; it was kept as it is. ` +
    'To have your places in it, push again with another message.'
  )
}
