// From what a call means to the revision itself. A package that is not there is answered with those that are.
import type { PackageReader, PackageRef, Revision } from '@quilt-mcp/backends'
import { formatQuiltUri, nearNames, QuiltError } from '@quilt-mcp/core'
import type { ToolContext } from '../../mcp/define-tool.js'
import type { PackageTarget } from './package-argument.js'

/** The revision that a target names; the latest when it names none.
 * @throws {QuiltError} `not_found`: for a package with the names that are near */
export async function resolveRevision(ctx: ToolContext, target: PackageTarget): Promise<Revision> {
  const { signal } = ctx
  return found(ctx, target, ctx.backend.packages.resolve(refOf(target), target.revision ?? 'latest', { signal }))
}

/** Opens the revision that a target names. Errors as {@link resolveRevision}. */
export async function openRevision(ctx: ToolContext, target: PackageTarget): Promise<PackageReader> {
  const { signal } = ctx
  const { packages } = ctx.backend
  if (packages.openAt === undefined) return packages.open(await resolveRevision(ctx, target), { signal })
  return found(ctx, target, packages.openAt(refOf(target), target.revision ?? 'latest', { signal }))
}

/** What is looked for; the error of a missing package says what may have been meant. */
async function found<T>(ctx: ToolContext, target: PackageTarget, look: Promise<T>): Promise<T> {
  try {
    return await look
  } catch (error) {
    throw isMissingPackage(error) ? await withNearNames(ctx, target, error) : error
  }
}

/** The latest revision; undefined when there is no such package in a bucket that is there.
 * @throws {QuiltError} `not_found` when the bucket is not there, or not visible */
export async function findLatest(ctx: ToolContext, target: PackageTarget): Promise<Revision | undefined> {
  try {
    return await ctx.backend.packages.resolve(refOf(target), 'latest', { signal: ctx.signal })
  } catch (error) {
    if (isMissingPackage(error)) return undefined
    throw error
  }
}

export const refOf = ({ bucket, name }: PackageTarget): PackageRef => ({ bucket, name })

/** The quilt+s3 URI of a revision. */
export const revisionUri = ({ bucket, name, topHash }: Revision): string => formatQuiltUri({ bucket, name, topHash })

/** Names looked through for what was meant: one page. */
const namesLookedThrough = 200

const isMissingPackage = (error: unknown): error is QuiltError =>
  error instanceof QuiltError && error.code === 'not_found' && error.details?.missing === 'package'

/** The error of a missing package, with the names it may have been meant to be. */
async function withNearNames(
  ctx: ToolContext,
  { bucket, name }: PackageTarget,
  cause: QuiltError,
): Promise<QuiltError> {
  const page = await ctx.backend.packages.list(bucket, { limit: namesLookedThrough, signal: ctx.signal })
  const near = nearNames(
    name,
    page.items.map((item) => item.name),
    3,
  )
  const empty = page.items.length === 0 ? `${bucket} has no packages that you can see.` : undefined
  return new QuiltError('not_found', cause.message, {
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : (empty ?? 'package_list lists the names there are.'),
    details: { ...cause.details, ...(near.length > 0 && { near }) },
    nextTools: ['package_list'],
    cause,
  })
}
