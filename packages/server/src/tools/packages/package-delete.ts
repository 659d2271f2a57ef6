import type { Revision } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
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
    confirm: z.string().optional().describe('token that the first call gave, once the user agreed'),
  }),
  output: z.object({
    package: z.string(),
    bucket: z.string(),
    removed: z.array(z.string()),
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
    const latest = await resolveRevision(ctx, refOf(target))
    const revisions = await allRevisions(ctx, target)
    const doomed = isAll ? revisions : [await resolveRevision(ctx, target)]
    const rest = new Set(revisions.map(({ topHash }) => topHash))
    for (const { topHash } of doomed) rest.delete(topHash)

    await ctx.confirm({
      message: question(target, { doomed, rest: rest.size, latest }),
      subject: {
        bucket: target.bucket,
        package: target.name,
        removes: doomed.map(({ topHash }) => topHash),
        latest: latest.topHash,
      },
      token: input.confirm,
    })
    const [only] = doomed
    const result = await ctx.backend.packages.remove(refOf(target), {
      signal: ctx.signal,
      onProgress: ctx.onProgress,
      ...(!isAll && only !== undefined && { topHash: only.topHash }),
    })
    return {
      structure: {
        package: target.name,
        bucket: target.bucket,
        removed: [...result.removed],
        ...(result.latest !== undefined && { latest: result.latest }),
        package_gone: result.latest === undefined,
        by: actorOf(identity),
        next: result.latest === undefined ? ['package_list'] : ['package_revisions'],
      },
    }
  },
})

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

interface Plan {
  readonly doomed: readonly Revision[]
  readonly rest: number
  readonly latest: Revision
}

function question({ bucket, name }: PackageTarget, { doomed, rest, latest }: Plan): string {
  const stays = 'The data in S3 stays.'
  if (rest === 0) return `Remove the package ${name} from ${bucket}: all its ${doomed.length} revisions. ${stays}`
  const [revision] = doomed
  const hash = revision?.topHash.slice(0, 10) ?? ''
  const isLatest = revision?.topHash === latest.topHash
  const after = isLatest ? 'it is the latest one, the one before becomes latest' : 'latest does not change'
  return `Remove revision ${hash} of ${name} from ${bucket}: ${after}, ${rest} ${rest === 1 ? 'revision' : 'revisions'} left. ${stays}`
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
