// Removes revisions one by one: their pointers only (formats.md 1.9).
import { QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../call-options.js'
import type { PackageRef, RemoveResult } from './port.js'
import { checkRef, type RevisionSource, resolveRevision } from './revisions.js'

export interface RemoveDeps {
  readonly revisions: RevisionSource
  /** Removes every pointer of a package to a top hash; `latest` moves to the newest revision that remains. */
  removeOne(ref: PackageRef, topHash: string, options: CallOptions): Promise<void>
}

/** Removes one revision, or all when no hash is given.
 * @throws {QuiltError} `not_found`; `partial` when some were removed and then one could not be: it names what remains */
export async function removeRevisions(
  { revisions, removeOne }: RemoveDeps,
  ref: PackageRef,
  { topHash, ...options }: CallOptions & { readonly topHash?: string | undefined } = {},
): Promise<RemoveResult> {
  checkRef(ref)
  // Oldest first: `latest` stays what it is until the end.
  const hashes =
    topHash === undefined
      ? (await revisions.topHashes(ref, options)).toReversed()
      : [(await resolveRevision(revisions, ref, topHash, options)).topHash]
  const removed: string[] = []
  for (const hash of hashes) {
    try {
      await removeOne(ref, hash, options)
    } catch (cause) {
      if (removed.length === 0) throw cause
      throw partlyRemoved(ref, { removed, remaining: hashes.slice(removed.length), cause })
    }
    removed.push(hash)
    options.onProgress?.({ done: removed.length, total: hashes.length, message: 'Removing revisions' })
  }
  const latest = await revisions.find(ref, 'latest', options)
  return { removed, ...(latest === undefined ? {} : { latest: latest.topHash }) }
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
