// What package_create and package_update answer: the plan, or what was done.
import type { Identity, PushCheck, Revision } from '@quilt-mcp/backends'
import { z } from 'zod'
import type { ToolContext } from '../../mcp/define-tool.js'
import { actor, actorOf } from '../actor.js'
import type { Change } from './changed-entries.js'
import { revisionUri } from './open-revision.js'
import type { PackageTarget } from './package-argument.js'

/** Paths that a result names; the counts count them all. */
export const mostNamed = 50

/** `objects` and `bytes`. */
const volume = () => z.record(z.string(), z.int()).optional()

export const pushOutput = z.object({
  package: z.string(),
  bucket: z.string(),
  dry_run: z.boolean().optional(),
  top_hash: z.string().optional(),
  previous: z.string().optional(),
  entries: z.int(),
  counts: z.record(z.string(), z.int()),
  changes: z.array(z.object({ change: z.string(), path: z.string(), from: z.string().optional() })),
  metadata_changed: z.boolean().optional(),
  uploads: volume(),
  copies: volume(),
  workflow: z.string().nullable().optional(),
  warnings: z.array(z.string()).optional(),
  uri: z.string().optional(),
  url: z.string().optional(),
  by: actor(),
  next: z.array(z.string()),
})

export interface PushReport {
  readonly target: PackageTarget
  readonly identity: Identity
  /** The revision that was made. Absent: it was a dry run. */
  readonly made?: Revision
  /** What the push would do: of a dry run. */
  readonly check?: PushCheck
  /** The latest revision before. */
  readonly previous?: Revision | undefined
  readonly entries: number
  readonly kept: number
  /** How many changes there are of each kind. Absent: `changes` are all. */
  readonly counts?: Readonly<Record<string, number>>
  readonly changes: readonly Change[]
  readonly metadataChanged?: boolean
  /** What the push had to upload. */
  readonly uploads?: PushCheck['uploads']
  readonly warnings: readonly string[]
}

/** The structure of {@link pushOutput}. */
export function pushResult(ctx: ToolContext, report: PushReport): z.input<typeof pushOutput> {
  const { target, identity, made, check, previous, entries, kept, changes, metadataChanged } = report
  const { bucket, name } = target
  const url = made === undefined ? undefined : ctx.links.packageUrl({ bucket, name, topHash: made.topHash })
  const uploads = check?.uploads ?? report.uploads
  const warnings = [...report.warnings, ...(check?.notes ?? [])]
  return {
    package: name,
    bucket,
    ...(made === undefined && { dry_run: true }),
    ...(made !== undefined && { top_hash: made.topHash }),
    ...(previous !== undefined && { previous: previous.topHash }),
    entries,
    counts: { ...(report.counts ?? countsOf(changes)), kept },
    changes: changes.slice(0, mostNamed).map((change) => ({ ...change })),
    ...(metadataChanged === true && { metadata_changed: true }),
    ...(uploads !== undefined && uploads.objects > 0 && { uploads: { ...uploads } }),
    ...(check !== undefined && check.copies.objects > 0 && { copies: { ...check.copies } }),
    ...(check?.workflow !== undefined && { workflow: check.workflow?.id ?? null }),
    ...(warnings.length > 0 && { warnings }),
    ...(made !== undefined && { uri: revisionUri(made) }),
    ...(url !== undefined && { url }),
    by: actorOf(identity),
    next: made === undefined ? ['the same call without dry_run'] : ['package_browse', 'package_diff', 'catalog_link'],
  }
}

/** How many changes there are of each kind; kinds without any are left out. */
export function countsOf(changes: readonly { readonly change: string }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { change } of changes) counts[change] = (counts[change] ?? 0) + 1
  return counts
}
