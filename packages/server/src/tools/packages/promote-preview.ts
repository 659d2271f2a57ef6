// What a promotion would do, for a dry run and for the question before something is replaced.
import type { PackageReader, PromotePlan, PushCheck, Volume } from '@quilt-mcp/backends'
import { headerMessage, headerUserMeta, parsePhysicalKey } from '@quilt-mcp/core'
import type { ToolContext } from '../../mcp/define-tool.js'
import type { PromoteRule } from './promote-rule.js'

/** What a promotion would do. */
export interface PromotePreview {
  readonly entries: number
  /** Absent: nobody knows yet whether objects are copied. */
  readonly copies?: Volume
  readonly check: PushCheck
}

/** Looks without doing any of it: what goes along, and all that the target checks of a new revision.
 * @throws {QuiltError} as a push of the same would */
export async function promotePreview(
  { backend, signal, onProgress }: ToolContext,
  reader: PackageReader,
  { plan, rule: { copies } }: { readonly plan: PromotePlan; readonly rule: PromoteRule },
): Promise<PromotePreview> {
  const { prefix: _, copy: __, message = headerMessage(reader.header) ?? null, ...target } = plan
  const userMeta = plan.userMeta === undefined ? headerUserMeta(reader.header) : plan.userMeta
  const volumes = await volumesOf(reader, plan.bucket, { signal })
  const check = await backend.packages.check(
    {
      ...target,
      message,
      ...(userMeta !== undefined && { userMeta }),
      entries: { count: volumes.entries, batches: (options) => reader.entries(options) },
    },
    { signal, onProgress },
  )
  const none = { objects: 0, bytes: 0 }
  return {
    entries: volumes.entries,
    check,
    ...(copies !== undefined && { copies: copies ? volumes.elsewhere : none }),
  }
}

/** How many entries there are, and what of them does not lie in the bucket yet. */
async function volumesOf(reader: PackageReader, bucket: string, options: { readonly signal: AbortSignal }) {
  let entries = 0
  let [objects, bytes] = [0, 0]
  for await (const batch of reader.entries(options)) {
    entries += batch.length
    for (const { physicalKey, size } of batch) {
      const place = parsePhysicalKey(physicalKey)
      if (place.kind === 's3' && place.bucket === bucket) continue
      objects += 1
      bytes += size
    }
  }
  return { entries, elsewhere: { objects, bytes } }
}
