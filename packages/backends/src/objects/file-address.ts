// Where a key of a local registry lies on disk. A key is never allowed to leave the registry's directory.
import { lstat, realpath } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { formatPhysicalKey, QuiltError } from '@quilt-mcp/core'
import { isAbsent } from './file-error.js'

const onWindows = sep === '\\'
/** Characters and names that Windows cannot store, or takes for something else (`a:b` is a stream of `a`). */
const notOnWindows = /[<>:"|?*\\]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * The path of a key.
 * @param root absolute path of the registry's directory
 * @throws {QuiltError} `invalid_input` when no file can have that name: an empty part, `.` or `..`, a NUL
 */
export function pathOfKey(root: string, key: string): string {
  const parts = key.split('/')
  const impossible = parts.some(
    (part) =>
      part === '' || part === '.' || part === '..' || part.includes('\0') || (onWindows && notOnWindows.test(part)),
  )
  if (!impossible) return join(root, ...parts)
  throw new QuiltError('invalid_input', `${JSON.stringify(key)} cannot be the name of a file`, {
    hint: 'Use names joined by single slashes: no leading or trailing slash, no "." and no "..".',
  })
}

/** Parts that mean another path than they spell. */
const unusualPath = /\/(\.{0,2}\/|\.{0,2}$)/

/** The key of a path below the root; undefined for the root itself and for what lies elsewhere. Neither need exist. */
export function keyOfPath(root: string, path: string): string | undefined {
  if (!onWindows && path.startsWith(`${root}/`) && !unusualPath.test(path)) return path.slice(root.length + 1)
  const below = relative(root, path)
  if (below === '' || below === '..' || below.startsWith(`..${sep}`) || resolve(below) === below) return undefined
  return onWindows ? below.replaceAll(sep, '/') : below
}

/** The `file://` URL of a path. */
export function urlOfPath(path: string): string {
  return formatPhysicalKey({ kind: 'file', path })
}

/**
 * Checks that a path below the root is one of the user's own files: not the registry's, below `.quilt`, and not behind a symbolic link
 * that leads out of the root, or to nothing. What does not exist yet is judged by the nearest folder that does.
 * @throws {QuiltError} `forbidden`
 */
export async function checkIsData(root: string, path: string): Promise<void> {
  checkNotRegistrys(root, path)
  for (let at = path; at !== root; at = dirname(at)) {
    const real = await unlessAbsent(realpath(at))
    if (real === undefined) {
      if ((await unlessAbsent(lstat(at)))?.isSymbolicLink()) throw leadsOut(root, path)
      continue
    }
    // The root is real already, as a rule.
    const realRoot = keyOfPath(root, real) === undefined ? await realpath(root) : root
    if (real === realRoot) return
    if (keyOfPath(realRoot, real) === undefined) throw leadsOut(root, path)
    return checkNotRegistrys(realRoot, real)
  }
}

function checkNotRegistrys(root: string, path: string): void {
  // Some disks do not tell upper case from lower case.
  if (keyOfPath(root, path)?.split('/')[0]?.toLowerCase() !== '.quilt') return
  throw new QuiltError('forbidden', `${urlOfPath(path)} belongs to the registry itself`, {
    hint: 'Use the tools for packages: files below .quilt are not read or written as objects of a local registry.',
    nextTools: ['package_browse'],
  })
}

function leadsOut(root: string, path: string): QuiltError {
  return new QuiltError('forbidden', `${urlOfPath(path)} is a link that leads out of ${urlOfPath(root)}`, {
    hint: 'Copy the file into the registry: links out of it are not followed.',
  })
}

/** What the promise gives, or undefined when the file is absent. */
export async function unlessAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}
