// Finds revisions of a package: lists them, and resolves tags, hashes and prefixes of hashes.
import { checkBucketName, isTopHash, parsePackageName, QuiltError } from '@quilt-mcp/core'
import type { z } from 'zod'
import type { CallOptions, PackageRef, Page, PageOptions, Revision } from '../backend.js'
import { pageByNumber } from '../cursor.js'
import type { RegistryGraphql } from '../registry-api/graphql.js'
import { packageRevisionQuery, type revisionShape } from '../registry-api/operations/package-revision.js'
import { packageRevisionsQuery } from '../registry-api/operations/package-revisions.js'

const shortestPrefix = 6
const revisionsAtOnce = 100

/** Checks a reference before it is sent. @throws {QuiltError} `invalid_input` with the corrected value where it is clear */
export function checkRef({ bucket, name }: PackageRef): void {
  checkBucketName(bucket)
  parsePackageName(name)
}

/** A page of revisions, newest first. @throws {QuiltError} `not_found` */
export async function listRevisions(
  graphql: RegistryGraphql,
  ref: PackageRef,
  page: PageOptions = {},
): Promise<Page<Revision>> {
  checkRef(ref)
  return pageByNumber(page, async (number, perPage) => {
    const found = await graphql.run(packageRevisionsQuery, { ...named(ref), number, perPage }, page)
    if (found.package === null) throw noPackage(ref, found.bucket !== null)
    const { total, page: rows } = found.package.revisions
    return { total, items: rows.map((row) => revisionOf(ref, row)) }
  })
}

/** The revision of a tag or full hash. Undefined when the package or the revision is missing.
 * @throws {QuiltError} `not_found` when the bucket is not visible */
export async function findRevision(
  graphql: RegistryGraphql,
  ref: PackageRef,
  hashOrTag: string,
  options?: CallOptions,
): Promise<Revision | undefined> {
  const found = await graphql.run(packageRevisionQuery, { ...named(ref), hashOrTag }, options)
  if (found.package?.revision) return revisionOf(ref, found.package.revision)
  if (found.bucket === null) throw noPackage(ref, false)
  return undefined
}

/** @throws {QuiltError} `not_found`; `invalid_input` when a prefix is too short or fits several revisions */
export async function resolveRevision(
  graphql: RegistryGraphql,
  ref: PackageRef,
  tagOrHash: string,
  options?: CallOptions,
): Promise<Revision> {
  checkRef(ref)
  const text = /^[0-9a-f]+$/i.test(tagOrHash) ? tagOrHash.toLowerCase() : tagOrHash
  if (text === 'latest' || isTopHash(text)) {
    const found = await findRevision(graphql, ref, text, options)
    if (found !== undefined) return found
    if (text === 'latest') throw noPackage(ref, true)
    await listRevisions(graphql, ref, { ...options, limit: 1 })
    throw noRevision(ref, text)
  }
  if (!/^[\w.-]+$/.test(text)) {
    throw new QuiltError('invalid_input', `${JSON.stringify(text)} is neither a top hash nor a tag`, {
      hint: 'Give `latest`, a top hash, or the first characters of one.',
      nextTools: ['package_revisions'],
    })
  }
  if (!/^[0-9a-f]+$/.test(text) || text.length > 64) throw noRevision(ref, text)
  if (text.length < shortestPrefix) {
    throw new QuiltError('invalid_input', `${text} is too short for a top hash`, {
      hint: `Give at least ${shortestPrefix} characters, or \`latest\`.`,
    })
  }
  return resolvePrefix(graphql, ref, text, options)
}

async function resolvePrefix(
  graphql: RegistryGraphql,
  ref: PackageRef,
  prefix: string,
  options?: CallOptions,
): Promise<Revision> {
  const matches = new Map<string, Revision>()
  for await (const revisions of allRevisions(graphql, ref, options)) {
    for (const revision of revisions) if (revision.topHash.startsWith(prefix)) matches.set(revision.topHash, revision)
  }
  const [match, ...others] = matches.values()
  if (match === undefined) throw noRevision(ref, prefix)
  if (others.length === 0) return match
  const candidates = [...matches.keys()]
  throw new QuiltError(
    'invalid_input',
    `${prefix} fits ${candidates.length} revisions of ${ref.name}: ${candidates.slice(0, 5).join(', ')}`,
    {
      hint: 'Give more characters of the top hash.',
      details: { candidates: candidates.slice(0, 20) },
    },
  )
}

/** All revisions, newest first, in pages. */
export async function* allRevisions(
  graphql: RegistryGraphql,
  ref: PackageRef,
  options: CallOptions = {},
): AsyncGenerator<readonly Revision[]> {
  let cursor: string | undefined
  do {
    const page: Page<Revision> = await listRevisions(graphql, ref, { ...options, limit: revisionsAtOnce, cursor })
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

function noPackage({ bucket, name }: PackageRef, bucketIsVisible: boolean): QuiltError {
  return bucketIsVisible
    ? new QuiltError('not_found', `There is no package ${name} in ${bucket}`, {
        hint: 'Look at the names with package_list.',
        details: { missing: 'package', bucket, name },
        nextTools: ['package_list'],
      })
    : noBucket(bucket)
}

export function noBucket(bucket: string): QuiltError {
  return new QuiltError('not_found', `There is no bucket ${bucket}, or your role may not see it`, {
    hint: 'See the buckets you can use with bucket_list; another role may see more.',
    details: { missing: 'bucket', bucket },
    nextTools: ['bucket_list', 'catalog_status'],
  })
}

export function noRevision({ bucket, name }: PackageRef, tagOrHash: string): QuiltError {
  return new QuiltError('not_found', `${name} in ${bucket} has no revision ${tagOrHash}`, {
    hint: 'See its revisions with package_revisions.',
    details: { missing: 'revision', bucket, name, revision: tagOrHash },
    nextTools: ['package_revisions'],
  })
}
