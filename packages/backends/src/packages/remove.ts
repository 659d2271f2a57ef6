// Removes revisions: their pointers only, one packageRevisionDelete each (formats.md 1.9).
import { QuiltError } from '@quilt-mcp/core'
import type { CallOptions, PackageRef, RemoveResult } from '../backend.js'
import type { RegistryGraphql } from '../registry-api/graphql.js'
import { packageRevisionDeleteMutation } from '../registry-api/operations/package-revision-delete.js'
import { allRevisions, checkRef, findRevision, resolveRevision } from './revisions.js'

/** Removes one revision, or all when no hash is given.
 * @throws {QuiltError} `not_found`; `partial` when some were removed and then one could not be: it names what remains */
export async function removeRevisions(
  graphql: RegistryGraphql,
  ref: PackageRef,
  { topHash, ...options }: CallOptions & { readonly topHash?: string | undefined } = {},
): Promise<RemoveResult> {
  checkRef(ref)
  const hashes =
    topHash === undefined
      ? await allHashes(graphql, ref, options)
      : [(await resolveRevision(graphql, ref, topHash, options)).topHash]
  const { bucket, name } = ref
  const removed: string[] = []
  for (const hash of hashes) {
    try {
      await graphql.run(packageRevisionDeleteMutation, { bucket, name, hash }, options)
    } catch (cause) {
      if (removed.length === 0) throw cause
      throw partlyRemoved(ref, { removed, remaining: hashes.slice(removed.length), cause })
    }
    removed.push(hash)
    options.onProgress?.({ done: removed.length, total: hashes.length, message: 'Removing revisions' })
  }
  const latest = await findRevision(graphql, ref, 'latest', options)
  return { removed, ...(latest === undefined ? {} : { latest: latest.topHash }) }
}

/** Oldest first: `latest` stays what it is until the end. */
async function allHashes(graphql: RegistryGraphql, ref: PackageRef, options: CallOptions): Promise<readonly string[]> {
  const hashes = new Set<string>()
  for await (const revisions of allRevisions(graphql, ref, options))
    for (const { topHash } of revisions) hashes.add(topHash)
  return [...hashes].reverse()
}

interface Removal {
  readonly removed: readonly string[]
  readonly remaining: readonly string[]
  readonly cause: unknown
}

function partlyRemoved({ bucket, name }: PackageRef, { removed, remaining, cause }: Removal): QuiltError {
  const reason = cause instanceof Error ? cause.message : 'unknown reason'
  return new QuiltError(
    'partial',
    `${removed.length} revisions of ${name} in ${bucket} were removed, ${remaining.length} remain: ${reason}`,
    {
      hint: `Try again to remove the rest: ${remaining.slice(0, 5).join(', ')}${remaining.length > 5 ? ', ...' : ''}.`,
      details: { bucket, name, removed, remaining },
      nextTools: ['package_revisions', 'package_delete'],
      cause,
    },
  )
}
