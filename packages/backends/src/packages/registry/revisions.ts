// The revisions of packages as the registry tells them.
import type { ManifestHeader } from '@quilt-mcp/core'
import type { z } from 'zod'
import type { CallOptions, Page } from '../../call-options.js'
import { pageByNumber } from '../../cursor.js'
import type { RegistryGraphql } from '../../registry-api/graphql.js'
import { packageOpeningQuery } from '../../registry-api/operations/package-opening.js'
import { packageRevisionQuery, type revisionShape } from '../../registry-api/operations/package-revision.js'
import { packageRevisionsQuery } from '../../registry-api/operations/package-revisions.js'
import type { PackageRef, Revision } from '../port.js'
import { noBucket, noPackage, type RevisionSource } from '../revisions.js'

const revisionsAtOnce = 100

/** Looks revisions up by GraphQL. */
export function registryRevisions(graphql: RegistryGraphql): RevisionSource {
  const list: RevisionSource['list'] = (ref, page = {}) =>
    pageByNumber(page, async (number, perPage) => {
      const found = await graphql.run(packageRevisionsQuery, { ...named(ref), number, perPage }, page)
      if (found.package === null) throw found.bucket === null ? noBucket(ref.bucket) : noPackage(ref)
      const { total, page: rows } = found.package.revisions
      return { total, items: rows.map((row) => revisionOf(ref, row)) }
    })
  return {
    list,
    async find(ref, hashOrTag, options) {
      const found = await graphql.run(packageRevisionQuery, { ...named(ref), hashOrTag }, options)
      if (found.package?.revision) return revisionOf(ref, found.package.revision)
      if (found.bucket === null) throw noBucket(ref.bucket)
      return undefined
    },
    async topHashes(ref, options) {
      const hashes = new Set<string>()
      for await (const revisions of allRevisions(list, ref, options))
        for (const { topHash } of revisions) hashes.add(topHash)
      return [...hashes]
    },
  }
}

/** A revision with its header. */
export interface Opening {
  readonly revision: Revision
  readonly header: ManifestHeader
}

/** Looks revisions up by GraphQL, each with its header: one question for both. */
export function registryOpenings(graphql: RegistryGraphql): RevisionSource<Opening> {
  return {
    ...registryRevisions(graphql),
    async find(ref, hashOrTag, options) {
      const found = await graphql.run(packageOpeningQuery, { ...named(ref), hashOrTag }, options)
      const row = found.package?.revision
      if (row) return { revision: revisionOf(ref, row), header: row.metadata }
      if (found.bucket === null) throw noBucket(ref.bucket)
      return undefined
    },
  }
}

/** All revisions, newest first, in pages. */
async function* allRevisions(
  list: RevisionSource['list'],
  ref: PackageRef,
  options: CallOptions = {},
): AsyncGenerator<readonly Revision[]> {
  let cursor: string | undefined
  do {
    const page: Page<Revision> = await list(ref, { ...options, limit: revisionsAtOnce, cursor })
    yield page.items
    cursor = page.cursor
  } while (cursor !== undefined)
}

/** A revision as the port tells it. */
export function revisionOf({ bucket, name }: PackageRef, row: z.output<typeof revisionShape>): Revision {
  return {
    bucket,
    name,
    topHash: row.hash,
    modified: row.modified,
    ...(row.message === undefined ? {} : { message: row.message }),
    ...(typeof row.totalEntries === 'number' ? { totalEntries: row.totalEntries } : {}),
    ...(typeof row.totalBytes === 'number' ? { totalBytes: row.totalBytes } : {}),
  }
}

function named({ bucket, name }: PackageRef): PackageRef {
  return { bucket, name }
}
