// Lists one directory of a revision, and says what is near when there is none.
import { checkLogicalKey, compareCodePoints, nearNames, QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../call-options.js'
import type { RegistryGraphql } from '../registry-api/graphql.js'
import { packageDirQuery } from '../registry-api/operations/package-dir.js'
import type { DirItem, Revision } from './port.js'
import { noRevision } from './revisions.js'

/** A child of a directory, as far as errors tell it. */
export type NamedChild = Pick<DirItem, 'kind' | 'name'>

/** The path of a directory without its trailing slash; empty for the root.
 * @throws {QuiltError} `invalid_input` when it is no logical key */
export function checkedDirectory(path: string): string {
  const directory = path.replace(/\/$/, '')
  if (directory !== '') checkLogicalKey(directory)
  return directory
}

/** Where names near a missing one are looked for: the children of a directory, `wanted` among them if it is there.
 * Undefined when there is no such directory. */
export type Names = (path: string, wanted: string) => Promise<readonly NamedChild[] | undefined>

/** The error for a path that the revision does not have as what it was asked for. */
export async function missingPath(names: Names, revision: Revision, path: string): Promise<QuiltError> {
  const cut = path.lastIndexOf('/')
  const parent = path.slice(0, Math.max(0, cut))
  const name = path.slice(cut + 1)
  const siblings = (await names(parent, name)) ?? []
  const same = siblings.find((item) => item.name === name)
  // What is there under this very name needs no guessing, and guessing among many names takes long.
  const candidates = same === undefined ? siblings.map((item) => item.name) : []
  const near = nearNames(name, candidates).map((one) => (parent === '' ? one : `${parent}/${one}`))
  return new QuiltError('not_found', messageOf(same, path, revision), {
    hint: hintOf(same, near),
    details: { missing: 'path', path, ...(near.length > 0 ? { near } : {}) },
    nextTools: [same?.kind === 'file' ? 'object_read' : 'package_browse'],
  })
}

function messageOf(same: NamedChild | undefined, path: string, { name, topHash }: Revision): string {
  const where = `${name}@${topHash.slice(0, 10)}`
  if (same?.kind === 'file') return `${path} in ${where} is a file, not a directory`
  if (same?.kind === 'directory') return `${path} in ${where} is a directory, not a file`
  return `There is no ${path} in ${where}`
}

function hintOf(same: NamedChild | undefined, near: readonly string[]): string {
  if (same?.kind === 'file') return 'Read it with object_read.'
  if (same?.kind === 'directory') return 'List it with package_browse.'
  return near.length > 0 ? `Near it: ${near.join(', ')}.` : 'Look at what is there with package_browse.'
}

/** The children of a directory as the registry tells them, in tree order (formats.md 2.5). Undefined when there is no such directory.
 * @param path without trailing slash; empty for the root */
export async function registryChildren(
  graphql: RegistryGraphql,
  { revision, path }: { readonly revision: Revision; readonly path: string },
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
