// Makes a revision again in another registry, or under another name (formats.md 2.8, 7.4): where the bucket it comes from allows it,
// with its objects copied or named where they are.
import { parsePhysicalKey, QuiltError, type Successor } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { EntryObjects } from '../../objects/entry-facts.js'
import type { PromotePlan, PushResult, Revision } from '../port.js'
import { folderOf, targetOf } from '../promote-plan.js'
import { liesIn } from '../pushing/copy-rule.js'
import type { RegistryStore } from '../stores/registry-store.js'
import { type ManifestPushDeps, makeRevision } from './push.js'
import { readWorkflowConfig } from './push-workflow.js'
import { storedRevision } from './stored-revision.js'

/** Where a promotion comes from and goes to. */
export interface PromoteStores {
  readonly source: RegistryStore
  readonly target: RegistryStore
}

/** @throws {QuiltError} `invalid_input` when the target is no successor of the source, or an entry cannot be named there; `not_found`;
 *   otherwise as a push */
export async function promoteManifest(
  deps: ManifestPushDeps,
  { source, target: store }: PromoteStores,
  { revision, plan }: { readonly revision: Revision; readonly plan: PromotePlan },
  options: CallOptions = {},
): Promise<PushResult> {
  const isCopied = await copiesObjects({ source, target: store }, { revision, plan }, options)
  const stored = await storedRevision(source, revision, options)
  const draft = {
    target: targetOf(stored.header, plan),
    entries: stored.entries,
    count: stored.count,
    directories: stored.directories,
    folder: folderOf(plan),
    copies: (_: string, physicalKey: string) => isCopied && !liesIn(store, physicalKey),
    look: nameableIn(store),
    attempt: 'Promoting a revision',
  }
  return makeRevision(deps, store, draft, options)
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

/** Entries of a stored manifest are what they are; they only must be in a bucket when the package is. */
function nameableIn({ url }: RegistryStore): EntryObjects['look'] {
  return ({ physicalKey, size, hash }) => {
    if (size === undefined || hash === undefined) throw new Error('an entry of a manifest has size and hash')
    if (url.startsWith('file:') || parsePhysicalKey(physicalKey).kind === 's3')
      return { found: { physicalKey, size, hash } }
    const message = `it lies on somebody's disk, at ${physicalKey}`
    return { failure: { name: 'ManifestHasLocalKeys', message } }
  }
}
