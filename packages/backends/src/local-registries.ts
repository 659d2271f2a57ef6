// Looks for registries in directories of this machine: those that the user names, else quilt3's own (formats.md 1.3, 5.1, 5.2).
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isBucketName, parsePhysicalKey, QuiltError } from '@quilt-mcp/core'
import { findQuilt3Stack } from './credentials/find-session.js'
import { unlessAbsent } from './objects/file-address.js'
import { fileError, fileErrorCode } from './objects/file-error.js'
import type { Surroundings } from './surroundings.js'

/** One registry. */
export interface LocalRegistry {
  /** Its name as a bucket. */
  readonly name: string
  /** Absolute path of its directory, through no symbolic link. It need not exist yet. */
  readonly root: string
}

/** What was found, and in one line what that is or how to come by it. */
export interface LocalRegistriesFound {
  /** Empty: there is none. The first is called `local`. */
  readonly registries: readonly LocalRegistry[]
  /** The name under which a user sets it. */
  readonly looked: string
  readonly explanation: string
}

export interface FindLocalOptions extends Surroundings {
  /** Path or `file://` URL. */
  readonly localRegistry?: string | undefined
  /** `file://` URLs of further ones. */
  readonly folders?: readonly string[] | undefined
  /** Whether the default one may serve before it exists: it is made by the first write. Default false. */
  readonly mayBeNew?: boolean | undefined
}

/** Looks for local registries. Opens and makes nothing.
 * @throws {QuiltError} `invalid_input` when what is named is no directory */
export async function findLocalRegistry(options: FindLocalOptions): Promise<LocalRegistriesFound> {
  const { localRegistry, folders = [] } = options
  const named = [...(localRegistry ? [localRegistry] : []), ...folders]
  if (named.length === 0) return quilt3Registry(options)
  const roots = await Promise.all(named.map((place) => rootOf(place, options)))
  const registries = withNames([...new Set(roots)])
  return {
    registries,
    looked: localRegistry ? 'QUILT_LOCAL_REGISTRY' : 'QUILT_REGISTRIES',
    explanation: `Local registries are named: ${registries.map(({ name, root }) => `${name} (${root})`).join(', ')}.`,
  }
}

async function quilt3Registry(options: FindLocalOptions): Promise<LocalRegistriesFound> {
  const looked = 'QUILT_LOCAL_REGISTRY'
  const none = (explanation: string): LocalRegistriesFound => ({ registries: [], looked, explanation })
  try {
    const { folder, defaultLocalRegistry, layoutVersion = 1 } = await findQuilt3Stack(options)
    if (layoutVersion !== 1) {
      return none(
        `quilt3 is set to registry layout ${layoutVersion}, and only layout 1 can be read: set default_registry_version to 1 in ${join(folder, 'config.yml')}, or QUILT_LOCAL_REGISTRY to a folder.`,
      )
    }
    const root = await rootOf(defaultLocalRegistry ?? join(folder, 'packages'), options)
    if (options.mayBeNew || (await isDirectory(join(root, '.quilt')))) {
      return { registries: withNames([root]), looked, explanation: `The local registry of quilt3 is ${root}.` }
    }
    return none(
      `There is no local registry at ${root}: make a package there with quilt3, or set QUILT_LOCAL_REGISTRY to a folder.`,
    )
  } catch (error) {
    if (error instanceof QuiltError) return none([error.message, error.hint].filter(Boolean).join('. '))
    throw error
  }
}

/** @throws {QuiltError} `invalid_input` when it is no place for a registry */
async function rootOf(place: string, { homeDir }: Surroundings): Promise<string> {
  const path = resolve(pathOf(place, homeDir))
  try {
    return await realPath(path)
  } catch (error) {
    throw fileError(error, `Looking for a local registry at ${path}`)
  }
}

function pathOf(place: string, homeDir: string): string {
  if (/^~(?=[/\\]|$)/.test(place)) return join(homeDir, place.slice(1))
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(place)) return place
  const key = parsePhysicalKey(place)
  if (key.kind === 'file') return key.path
  throw new QuiltError('invalid_input', `${place} is a bucket, not the folder of a local registry`, {
    hint: 'Name a folder, as path or as file:///path; name buckets with --registry.',
  })
}

/** The directory without symbolic links; of what does not exist, the nearest that does is real. @throws what the file system throws */
async function realPath(path: string): Promise<string> {
  const real = await realpath(path).catch((error: unknown) => {
    if (fileErrorCode(error) === 'ENOENT') return undefined
    throw error
  })
  if (real === undefined) return join(await realPath(dirname(path)), basename(path))
  if (await isDirectory(real)) return real
  throw new QuiltError('invalid_input', `${real} is a file, not the folder of a local registry`, {
    hint: 'Name a folder; it is made when it is first written to.',
  })
}

async function isDirectory(path: string): Promise<boolean> {
  return (await unlessAbsent(stat(path)))?.isDirectory() === true
}

/** The first is `local`; the others are called as their folders, as far as a bucket can be. */
function withNames(roots: readonly string[]): readonly LocalRegistry[] {
  const taken = new Set<string>()
  return roots.map((root, index) => {
    const folder = basename(root)
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
    const wanted = index > 0 && isBucketName(folder) ? folder : 'local'
    let name = wanted
    for (let n = 2; taken.has(name); n += 1) name = `${wanted}-${n}`
    taken.add(name)
    return { name, root }
  })
}
