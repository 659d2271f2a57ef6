// Revisions that were made between the look at the base and a push: packageConstruct compares no base (formats.md 7.4), so that what
// they changed is not in what was pushed. They cannot be kept out; they can be named.
import { QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { RegistryGraphql } from '../../registry-api/graphql.js'
import { packageRevisionsQuery } from '../../registry-api/operations/package-revisions.js'
import type { PushPlan, Revision } from '../port.js'

/** How many revisions behind the new one are looked at. */
const looked = 20

/** Top hashes, newest first, of revisions that stand between the base of a push and what it made; undefined when that cannot be told. */
export async function overtakenBy(
  graphql: RegistryGraphql,
  { bucket, name, base }: Pick<PushPlan, 'bucket' | 'name' | 'base'>,
  { topHash }: Revision,
  { signal }: CallOptions,
): Promise<readonly string[] | undefined> {
  if (base === undefined || base === topHash) return []
  const found = await unlessRefused(
    graphql.run(packageRevisionsQuery, { bucket, name, number: 1, perPage: looked }, { signal }),
    signal,
  )
  const hashes = found?.package?.revisions.page.map(({ hash }) => hash)
  const own = hashes?.indexOf(topHash) ?? -1
  if (hashes === undefined || own === -1) return undefined
  const older = hashes.slice(own + 1)
  const end = base === null ? older.length : older.indexOf(base)
  return [...new Set(older.slice(0, end === -1 ? older.length : end))].filter((hash) => hash !== topHash)
}

/** The push is done: that nothing can be told of its neighbours does not make it fail. */
async function unlessRefused<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (signal?.aborted || !(error instanceof QuiltError)) throw error
    return undefined
  }
}

/** What the user should know of them. */
export function overtakenNotes(overtaken: readonly string[] | undefined): readonly string[] {
  if (overtaken === undefined)
    return ['Whether somebody else has pushed at the same moment could not be told: package_revisions shows it.']
  if (overtaken.length === 0) return []
  const named = overtaken.slice(0, 5).join(', ')
  const more = overtaken.length > 5 ? ` and ${overtaken.length - 5} more` : ''
  return [
    `Pushed at the same moment by somebody else, and not contained in this revision: ${named}${more}. ` +
      'See them with package_diff, and bring over what is missing with package_update.',
  ]
}
