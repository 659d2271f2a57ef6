// Makes a revision again in another registry, or under another name (formats.md 2.8, 7.4): where the bucket it comes from allows it,
// with its objects copied or named where they are.
import {
  compareLogicalKeys,
  type DirectoryMeta,
  type Entry,
  type ManifestHeader,
  manifestKey,
  openManifest,
  parsePhysicalKey,
  QuiltError,
  type Successor,
} from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { CallOptions } from '../../call-options.js'
import type { EntryObjects } from '../../objects/entry-facts.js'
import type { PromotePlan, PushResult, Revision } from '../port.js'
import { folderOf, targetOf } from '../promote-plan.js'
import { checkBase } from '../push-plan.js'
import { noRevision } from '../revisions.js'
import type { RegistryStore } from '../stores/registry-store.js'
import { copyEntry, type EntryCopyDeps } from './entry-copy.js'
import { readLatest } from './pointers.js'
import { commitRevision, type ManifestPushDeps, settleHeader } from './push.js'
import { readWorkflowConfig } from './push-workflow.js'

export interface ManifestPromoteDeps extends ManifestPushDeps, EntryCopyDeps {
  readonly entries: EntryObjects
}

/** Where a promotion comes from and goes to. */
export interface PromoteStores {
  readonly source: RegistryStore
  readonly target: RegistryStore
}

const copiesAtOnce = 4

/** @throws {QuiltError} `invalid_input` when the target is no successor of the source, or an entry cannot be named there; `not_found`;
 *   otherwise as a push */
export async function promoteManifest(
  deps: ManifestPromoteDeps,
  { source, target: store }: PromoteStores,
  { revision, plan }: { readonly revision: Revision; readonly plan: PromotePlan },
  options: CallOptions = {},
): Promise<PushResult> {
  const copies = await copiesObjects({ source, target: store }, { revision, plan }, options)
  const content = await contentOf(source, revision, options)
  const target = targetOf(content.header, plan)
  checkBase(target, (await readLatest(store, target.name, options))?.topHash)
  for (const entry of content.entries) checkNameable(store, entry)
  const { header } = await settleHeader(
    { store, objects: deps.objects },
    { plan: target, entries: async () => content.entries },
    options,
  )
  const folder = folderOf(plan)
  let done = 0
  const total = content.entries.length
  const entries = await pLimit(copiesAtOnce).map(content.entries, async (entry): Promise<Entry> => {
    if (!copies || liesIn(store, entry)) return entry
    const copied = await copyEntry(deps, { store, key: `${folder}${entry.logicalKey}`, entry }, options)
    done += 1
    options.onProgress?.({ done, total, message: 'Copying objects' })
    return copied
  })
  const draft = { header, directories: content.directories, entries }
  return commitRevision(deps, store, { plan: target, draft }, options)
}

/** Whether objects are to be copied. @throws {QuiltError} `invalid_input` when packages of the source may not be promoted there */
async function copiesObjects(
  { source, target }: PromoteStores,
  { revision, plan }: { readonly revision: Revision; readonly plan: PromotePlan },
  options: CallOptions,
): Promise<boolean> {
  if (source.url === target.url) return plan.copy ?? false
  const successors = (await readWorkflowConfig(source, options))?.successors ?? new Map<string, Successor>()
  for (const [url, { copyData }] of successors) if (url.replace(/\/$/, '') === target.url) return plan.copy ?? copyData
  throw new QuiltError('invalid_input', `${plan.bucket} is not among the successors of ${revision.bucket}`, {
    hint: "Choose a destination among the bucket's successors.",
    details: { name: 'InvalidSuccessor', successors: [...successors.keys()] },
  })
}

interface ManifestContent {
  readonly header: ManifestHeader
  readonly directories: readonly DirectoryMeta[]
  readonly entries: readonly Entry[]
}

/** All of a manifest, in tree order. */
async function contentOf(store: RegistryStore, revision: Revision, { signal }: CallOptions): Promise<ManifestContent> {
  const found = await store.read(manifestKey(revision.topHash), { signal })
  if (found === undefined) throw noRevision(revision, revision.topHash)
  const { header, lines } = await openManifest(found.body, { signal })
  const directories: DirectoryMeta[] = []
  const entries: Entry[] = []
  for await (const batch of lines) {
    directories.push(...batch.directories)
    entries.push(...batch.entries)
  }
  const byKey = (a: { readonly logicalKey: string }, b: { readonly logicalKey: string }) =>
    compareLogicalKeys(a.logicalKey, b.logicalKey)
  return { header, directories: directories.sort(byKey), entries: entries.sort(byKey) }
}

/** Whether the bytes of an entry lie in the registry already. */
function liesIn({ url }: RegistryStore, { physicalKey }: Entry): boolean {
  const place = parsePhysicalKey(physicalKey)
  return place.kind === 's3' ? url === `s3://${place.bucket}` : physicalKey.startsWith(`${url}/`)
}

/** @throws {QuiltError} `invalid_input` for a file that a bucket's package would name */
function checkNameable({ url }: RegistryStore, { logicalKey, physicalKey }: Entry): void {
  if (url.startsWith('file:') || parsePhysicalKey(physicalKey).kind === 's3') return
  throw new QuiltError('invalid_input', `${logicalKey} lies on somebody's disk: ${physicalKey}`, {
    hint: 'Put the file into a bucket, and make a revision that names it there.',
    details: { name: 'ManifestHasLocalKeys', logicalKey },
  })
}
