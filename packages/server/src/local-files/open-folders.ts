// Which folders of this machine a call may name, and what is closed even below them: a model may be talked into reading secrets by a
// text that it reads.
import { realpath } from 'node:fs/promises'
import { QuiltError } from '@quilt-mcp/core'
import { isMissing } from './file-trouble.js'
import { absolutePath, type PathOrigin, partsBelow, pathsOf } from './local-path.js'

export interface OpenFolders {
  /** As they were named. */
  readonly folders: readonly string[]
  /** The real path of what a path names. Files and folders whose name begins with a dot are closed, and so is what lies behind a link
   * that leads to a closed place.
   * @throws {QuiltError} `forbidden` when it is closed, `not_found` when there is nothing */
  realPath(path: string): Promise<string>
  /** Whether a real path is one that may be read. */
  isOpen(real: string): boolean
}

export interface OpenFoldersOptions {
  readonly origin: PathOrigin
  /** Folders as the settings name them. Absent: the home folder and the working directory. */
  readonly named?: readonly string[] | undefined
  /** Absolute paths of files and folders that are never read. */
  readonly closed: readonly string[]
}

/** Opens the folders. Those that do not exist are left out. */
export async function openFolders({ origin, named, closed }: OpenFoldersOptions): Promise<OpenFolders> {
  const { platform } = origin
  const wanted = named?.map((folder) => absolutePath(folder, origin)) ?? usualFolders(origin)
  const [open, shut] = await Promise.all([realPaths(wanted), realPaths(closed)])
  const isShut = (path: string): boolean =>
    [...closed, ...shut.map(({ real }) => real)].some(
      (place) => partsBelow(caseless(place, platform), caseless(path, platform), platform) !== undefined,
    )
  const isBelow = (folder: string, path: string): boolean =>
    partsBelow(folder, path, platform)?.every((part) => !part.startsWith('.')) === true
  const isOpen = (path: string, folders: readonly string[]): boolean =>
    !isShut(path) && folders.some((folder) => isBelow(folder, path))
  const reals = open.map(({ real }) => real)
  const refuse = (path: string): QuiltError => closedPath(path, wanted)
  return {
    folders: wanted,
    async realPath(path) {
      // Before anything is looked at: whether a closed file exists is nobody's business either.
      if (!isOpen(path, [...wanted, ...reals])) throw refuse(path)
      const real = await realOf(path)
      if (real === undefined) throw nothingThere(path)
      if (!isOpen(real, reals)) throw refuse(path)
      return real
    },
    isOpen: (real) => isOpen(real, reals),
  }
}

/** Not the root of a disk, in which a client may have started the server, and no hidden folder. */
function usualFolders({ homeDir, workingDir, platform }: PathOrigin): readonly string[] {
  const paths = pathsOf(platform)
  return [...new Set([homeDir, workingDir])].filter((folder) => {
    const { root } = paths.parse(folder)
    const parts = partsBelow(root, folder, platform) ?? []
    return parts.length > 0 && parts.every((part) => !part.startsWith('.'))
  })
}

async function realPaths(paths: readonly string[]): Promise<readonly { readonly real: string }[]> {
  const found = await Promise.all(paths.map(realOf))
  return found.flatMap((real) => (real === undefined ? [] : [{ real }]))
}

async function realOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** These platforms' disks do not tell upper case from lower case. */
const caseless = (path: string, platform: NodeJS.Platform): string =>
  platform === 'win32' || platform === 'darwin' ? path.toLowerCase() : path

const closedPath = (path: string, folders: readonly string[]): QuiltError =>
  new QuiltError('forbidden', `${JSON.stringify(path)} is not open to this server`, {
    hint: `Files below ${folders.join(' and ')} may be read, those with a hidden part (.name), behind links that lead out and of credentials excepted. The user can open other folders with --local-files (QUILT_LOCAL_FILES).`,
    details: { path, folders },
  })

const nothingThere = (path: string): QuiltError =>
  new QuiltError('not_found', `there is no file or folder ${JSON.stringify(path)}`, {
    hint: 'Ask the user for the path; the file must be on the machine that this server runs on.',
    details: { path },
  })
