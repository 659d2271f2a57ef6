// Lists one directory of a revision, and says what is near when there is none.
import { checkLogicalKey, compareCodePoints, QuiltError } from '@quilt-mcp/core'
import type { CallOptions, DirItem, Revision } from '../backend.js'
import { nearNames } from '../near-names.js'
import type { RegistryGraphql } from '../registry-api/graphql.js'
import { packageDirQuery } from '../registry-api/operations/package-dir.js'
import { noRevision } from './revisions.js'

/** The children of a directory in tree order (formats.md 2.5).
 * @param path with or without trailing slash; empty for the root
 * @throws {QuiltError} `not_found`, naming what is near */
export async function listDirectory(
  graphql: RegistryGraphql,
  revision: Revision,
  path: string,
  options: CallOptions,
): Promise<readonly DirItem[]> {
  const directory = path.replace(/\/$/, '')
  if (directory !== '') checkLogicalKey(directory)
  const children = await childrenOf(graphql, revision, directory, options)
  if (children !== undefined) return children
  throw await missingPath(graphql, revision, directory, options)
}

/** The error for a path that the revision does not have as what it was asked for. */
export async function missingPath(
  graphql: RegistryGraphql,
  revision: Revision,
  path: string,
  options: CallOptions,
): Promise<QuiltError> {
  const cut = path.lastIndexOf('/')
  const parent = path.slice(0, Math.max(0, cut))
  const name = path.slice(cut + 1)
  const siblings = (await childrenOf(graphql, revision, parent, options)) ?? []
  const same = siblings.find((item) => item.name === name)
  const near = nearNames(
    name,
    siblings.map((item) => item.name),
  ).map((one) => (parent === '' ? one : `${parent}/${one}`))
  return new QuiltError('not_found', messageOf(same, path, revision), {
    hint: hintOf(same, near),
    details: { missing: 'path', path, ...(near.length > 0 ? { near } : {}) },
    nextTools: [same?.kind === 'file' ? 'object_read' : 'package_browse'],
  })
}

function messageOf(same: DirItem | undefined, path: string, { name, topHash }: Revision): string {
  const where = `${name}@${topHash.slice(0, 10)}`
  if (same?.kind === 'file') return `${path} in ${where} is a file, not a directory`
  if (same?.kind === 'directory') return `${path} in ${where} is a directory, not a file`
  return `There is no ${path} in ${where}`
}

function hintOf(same: DirItem | undefined, near: readonly string[]): string {
  if (same?.kind === 'file') return 'Read it with object_read.'
  if (same?.kind === 'directory') return 'List it with package_browse.'
  return near.length > 0 ? `Near it: ${near.join(', ')}.` : 'Look at what is there with package_browse.'
}

/** Undefined when there is no such directory. */
async function childrenOf(
  graphql: RegistryGraphql,
  revision: Revision,
  path: string,
  options: CallOptions,
): Promise<readonly DirItem[] | undefined> {
  const { bucket, name, topHash: hash } = revision
  const found = await graphql.run(packageDirQuery, { bucket, name, hash, path }, options)
  if (!found.package?.revision) throw noRevision(revision, hash)
  return found.package.revision.dir?.children
    .map((child): DirItem => {
      const childName = child.path.replace(/\/$/, '').split('/').at(-1) ?? ''
      const logicalKey = path === '' ? childName : `${path}/${childName}`
      return child.__typename === 'PackageFile'
        ? { kind: 'file', name: childName, logicalKey, size: child.size, physicalKey: child.physicalKey }
        : { kind: 'directory', name: childName, logicalKey: `${logicalKey}/` }
    })
    .sort((a, b) => compareCodePoints(a.name, b.name))
}
