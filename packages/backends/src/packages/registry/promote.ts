// Makes a revision again in another bucket with packagePromote, which copies the objects too; under another name of the same bucket
// by pushing its entries as they are.
import { type Entry, QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import { packagePromoteMutation } from '../../registry-api/operations/package-promote.js'
import type { Packages, PromotePlan, PushResult, Revision } from '../port.js'
import { targetOf } from '../promote-plan.js'
import { checkRef } from '../revisions.js'
import { makeRevision, type PushDeps, pushParams, pushRevision } from './push.js'

export interface PromoteDeps extends PushDeps {
  readonly open: Packages['open']
}

/** @throws {QuiltError} `invalid_input` when the target is no successor of the bucket; `unsupported` for a wish about copying that is not
 *   the bucket's own; otherwise as a push */
export async function promoteByRegistry(
  deps: PromoteDeps,
  revision: Revision,
  plan: PromotePlan,
  options: CallOptions = {},
): Promise<PushResult> {
  checkRef(revision)
  checkRef(plan)
  const reader = await deps.open(revision, options)
  const target = targetOf(reader.header, plan)
  if (plan.bucket === revision.bucket && plan.copy !== true) {
    const entries: Entry[] = []
    for await (const batch of reader.entries(options)) entries.push(...batch)
    return pushRevision(deps, { ...target, entries }, options)
  }
  if (plan.copy !== undefined) {
    throw new QuiltError(
      'unsupported',
      'The registry copies objects as the workflow config of the source bucket says',
      {
        hint: 'Leave copy out, or change copy_data of the successor in .quilt/workflows/config.yml.',
      },
    )
  }
  const params = pushParams(target)
  const src = { bucket: revision.bucket, name: revision.name, hash: revision.topHash }
  const made = await makeRevision(
    deps,
    {
      plan: { ...target, totalEntries: reader.revision.totalEntries },
      send: async () =>
        (await deps.graphql.run(packagePromoteMutation, { params, src, destPrefix: plan.prefix }, options)).revision,
    },
    options,
  )
  return { revision: made }
}
