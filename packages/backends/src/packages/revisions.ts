// Finds revisions of a package, whoever keeps them: resolves tags, hashes and prefixes of hashes, and says what is missing.
import { checkBucketName, isTopHash, parsePackageName, QuiltError } from '@quilt-mcp/core'
import type { CallOptions, Page, PageOptions } from '../call-options.js'
import type { PackageRef, Revision } from './port.js'

const shortestPrefix = 6

/** Where the revisions of packages are looked up. References are checked.
 * @typeParam Found what is told of one that is found */
export interface RevisionSource<Found = Revision> {
  /** Newest first. @throws {QuiltError} `not_found` when there is no such package */
  list(ref: PackageRef, page?: PageOptions): Promise<Page<Revision>>
  /** The revision of a tag or full hash. Undefined when the package or the revision is missing.
   * @throws {QuiltError} `not_found` when the bucket is not visible */
  find(ref: PackageRef, hashOrTag: string, options?: CallOptions): Promise<Found | undefined>
  /** All top hashes, each once, newest first. @throws {QuiltError} `not_found` when there is no such package */
  topHashes(ref: PackageRef, options?: CallOptions): Promise<readonly string[]>
}

/** Checks a reference before it is sent. @throws {QuiltError} `invalid_input` with the corrected value where it is clear */
export function checkRef({ bucket, name }: PackageRef): void {
  checkBucketName(bucket)
  parsePackageName(name)
}

/** @throws {QuiltError} `not_found`; `invalid_input` when a prefix is too short or fits several revisions */
export async function resolveRevision<Found>(
  source: RevisionSource<Found>,
  ref: PackageRef,
  tagOrHash: string,
  options?: CallOptions,
): Promise<Found> {
  checkRef(ref)
  const text = /^[0-9a-f]+$/i.test(tagOrHash) ? tagOrHash.toLowerCase() : tagOrHash
  if (text === 'latest' || isTopHash(text)) {
    const found = await source.find(ref, text, options)
    if (found !== undefined) return found
    if (text === 'latest') throw noPackage(ref)
    await source.list(ref, { ...options, limit: 1 })
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
  return resolvePrefix(source, ref, text, options)
}

async function resolvePrefix<Found>(
  source: RevisionSource<Found>,
  ref: PackageRef,
  prefix: string,
  options?: CallOptions,
): Promise<Found> {
  const candidates = (await source.topHashes(ref, options)).filter((topHash) => topHash.startsWith(prefix))
  const [match, ...others] = candidates
  const found = match === undefined || others.length > 0 ? undefined : await source.find(ref, match, options)
  if (found !== undefined) return found
  if (others.length === 0) throw noRevision(ref, prefix)
  throw new QuiltError(
    'invalid_input',
    `${prefix} fits ${candidates.length} revisions of ${ref.name}: ${candidates.slice(0, 5).join(', ')}`,
    {
      hint: 'Give more characters of the top hash.',
      details: { candidates: candidates.slice(0, 20) },
    },
  )
}

export function noPackage({ bucket, name }: PackageRef): QuiltError {
  return new QuiltError('not_found', `There is no package ${name} in ${bucket}`, {
    hint: 'Look at the names with package_list.',
    details: { missing: 'package', bucket, name },
    nextTools: ['package_list'],
  })
}

export function noBucket(bucket: string, cause?: unknown): QuiltError {
  return new QuiltError('not_found', `There is no bucket ${bucket}, or your role may not see it`, {
    hint: 'See the buckets you can use with bucket_list; another role may see more.',
    details: { missing: 'bucket', bucket },
    nextTools: ['bucket_list', 'catalog_status'],
    cause,
  })
}

export function noRevision({ bucket, name }: PackageRef, tagOrHash: string): QuiltError {
  return new QuiltError('not_found', `${name} in ${bucket} has no revision ${tagOrHash}`, {
    hint: 'See its revisions with package_revisions.',
    details: { missing: 'revision', bucket, name, revision: tagOrHash },
    nextTools: ['package_revisions'],
  })
}
