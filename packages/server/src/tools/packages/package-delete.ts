import type { Revision } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { untrusted, untrustedText } from '../../mcp/untrusted.js'
import { actor, actorOf } from '../actor.js'
import { refOf, resolveRevision } from './open-revision.js'
import { type PackageTarget, packageArgument, packageFields } from './package-argument.js'

export const packageDelete = defineTool({
  name: 'package_delete',
  title: 'Delete a package or revision',
  toolset: 'packages',
  access: 'destructive',
  needs: ['packages'],
  description:
    'Removes one revision of a package, or the whole package, from the catalog once the user confirmed. The data in S3 stays.',
  input: z.strictObject({
    ...packageFields,
    revision: z.string().optional().describe('top hash, latest, or all for the whole package'),
    dry_run: z.boolean().default(false),
    confirm: z.string().optional().describe('token of the first call'),
  }),
  output: z.object({
    package: z.string(),
    bucket: z.string(),
    dry_run: z.boolean().optional(),
    removed: z.array(z.string()).optional(),
    would_remove: z
      .array(z.object({ top_hash: z.string(), modified: z.string().optional(), message: untrustedText().optional() }))
      .optional(),
    revisions_left: z.int(),
    latest: z.string().optional(),
    package_gone: z.boolean(),
    by: actor(),
    next: z.array(z.string()),
  }),
  examples: [{ package: 'study/disposable', bucket: 'lab-a', revision: 'all' }],
  async run(ctx, input) {
    const isAll = input.revision?.trim().toLowerCase() === 'all'
    const target = packageArgument({
      package: input.package,
      bucket: input.bucket,
      ...(!isAll && { revision: input.revision }),
    })
    if (target.path !== undefined) throw pathGiven(target)
    if (target.revision === undefined && !isAll) throw notSaid(target)
    if (target.revision !== undefined && isAll) throw notSaid(target)
    const identity = await ctx.backend.identity({ signal: ctx.signal })
    const plan = await planOf(ctx, target, { isAll })
    const answer = (latest: string | undefined, what: { removed: string[] } | DryRun) => ({
      structure: {
        package: target.name,
        bucket: target.bucket,
        ...what,
        revisions_left: plan.left.length,
        ...(latest !== undefined && { latest }),
        package_gone: latest === undefined,
        by: actorOf(identity),
        next: 'dry_run' in what ? ['the same call without dry_run'] : [latest ? 'package_revisions' : 'package_list'],
      },
    })
    if (input.dry_run) {
      return answer(plan.latestAfter, { dry_run: true, would_remove: plan.doomed.slice(0, mostShown).map(shown) })
    }
    await ctx.confirm({
      message: question(target, plan),
      subject: {
        bucket: target.bucket,
        package: target.name,
        removes: plan.doomed.map(({ topHash }) => topHash),
        latest: plan.latest.topHash,
      },
      token: input.confirm,
    })
    const [only] = plan.doomed
    const result = await ctx.backend.packages.remove(refOf(target), {
      signal: ctx.signal,
      onProgress: ctx.onProgress,
      ...(!isAll && only !== undefined && { topHash: only.topHash }),
    })
    return answer(result.latest, { removed: [...result.removed] })
  },
})

/** Revisions that a dry run names. */
const mostShown = 50

interface DryRun {
  readonly dry_run: true
  readonly would_remove: ReturnType<typeof shown>[]
}

const shown = ({ topHash, modified, message }: Revision) => ({
  top_hash: topHash,
  ...(modified !== undefined && { modified }),
  ...(typeof message === 'string' && { message: untrusted(message) }),
})

/** What would be removed, and what would be left. */
interface DeletionPlan {
  readonly doomed: readonly Revision[]
  /** Newest first. */
  readonly left: readonly Revision[]
  readonly latest: Revision
  /** Top hash of the latest revision afterwards; undefined when the package is gone. */
  readonly latestAfter: string | undefined
}

async function planOf(
  ctx: ToolContext,
  target: PackageTarget,
  { isAll }: { readonly isAll: boolean },
): Promise<DeletionPlan> {
  const latest = await resolveRevision(ctx, refOf(target))
  const revisions = await allRevisions(ctx, target)
  const named = isAll ? undefined : await resolveRevision(ctx, target)
  const doomed = named === undefined ? revisions : revisions.filter(({ topHash }) => topHash === named.topHash)
  const left = named === undefined ? [] : revisions.filter(({ topHash }) => topHash !== named.topHash)
  const latestAfter = named?.topHash === latest.topHash ? left[0]?.topHash : isAll ? undefined : latest.topHash
  return { doomed: doomed.length > 0 || named === undefined ? doomed : [named], left, latest, latestAfter }
}

async function allRevisions(ctx: ToolContext, target: PackageTarget): Promise<readonly Revision[]> {
  const revisions = new Map<string, Revision>()
  let cursor: string | undefined
  do {
    const page = await ctx.backend.packages.revisions(refOf(target), { limit: 100, cursor, signal: ctx.signal })
    for (const revision of page.items) revisions.set(revision.topHash, revision)
    cursor = page.cursor
  } while (cursor !== undefined)
  return [...revisions.values()]
}

function question({ bucket, name }: PackageTarget, { doomed, left, latest, latestAfter }: DeletionPlan): string {
  const stays = 'Its data and manifests in the bucket stay.'
  if (latestAfter === undefined) {
    const all = doomed.length === 1 ? 'its only revision' : `all its ${doomed.length} revisions`
    return `Remove the package ${name} from ${bucket}: ${all}, the latest of them ${latest.topHash.slice(0, 10)}. ${stays}`
  }
  const hash = doomed[0]?.topHash.slice(0, 10) ?? ''
  const after =
    latestAfter === latest.topHash
      ? 'latest does not change'
      : `it is the latest one, ${latestAfter.slice(0, 10)} becomes latest`
  return `Remove revision ${hash} of ${name} from ${bucket}: ${after}, ${left.length} ${left.length === 1 ? 'revision' : 'revisions'} left. ${stays}`
}

const notSaid = ({ name }: PackageTarget): QuiltError =>
  new QuiltError('invalid_input', `what to delete of ${name} is not clear: one revision, or all`, {
    hint: 'Pass revision: a top hash, latest, or all.',
    details: { argument: 'revision' },
    nextTools: ['package_revisions'],
  })

const pathGiven = ({ name, path }: PackageTarget): QuiltError =>
  new QuiltError('invalid_input', `${path} is a path in ${name}; files are not deleted one by one`, {
    hint: 'package_update with remove makes a revision without the file.',
    nextTools: ['package_update'],
  })
