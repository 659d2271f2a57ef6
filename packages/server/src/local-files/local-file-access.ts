// Files of this machine, for tools that the user of this machine calls. Who serves others never has it.
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ContentSource } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { fileTrouble } from './file-trouble.js'
import { absolutePath, type PathOrigin } from './local-path.js'
import { type OpenFolders, openFolders } from './open-folders.js'
import { type WalkOptions, walkFolder } from './walk-folder.js'

export interface LocalFileAccess {
  /** What a path names: absolute, relative to the working directory, `~/...` or `file://`.
   * @throws {QuiltError} `not_found`, `forbidden`, `invalid_input` */
  find(path: string): Promise<LocalPlace>
  /** A file as content for a push or an upload. Errors as `find`; `invalid_input` for a folder. */
  open(path: string): Promise<ContentSource>
  /** All files below a folder, in batches, in tree order. Errors as `find`, and when a part of the folder cannot be read. */
  list(folder: string, options?: WalkOptions): AsyncIterable<readonly LocalFile[]>
}

export interface LocalPlace {
  readonly kind: 'file' | 'folder'
  /** Last part of the path as it was given. */
  readonly name: string
  /** Real absolute path. */
  readonly path: string
}

export interface LocalFile {
  /** Below the folder, parts joined by `/`. */
  readonly path: string
  /** Real absolute path. */
  readonly real: string
  readonly content: ContentSource
}

export interface LocalFileAccessOptions {
  readonly origin: PathOrigin
  /** Folders as the settings name them. Absent: the home folder and the working directory. */
  readonly folders?: readonly string[] | undefined
  /** Absolute paths that are never read, whatever the folders. */
  readonly closed: readonly string[]
}

/** Opens this machine's files. Nothing is looked at before the first call. */
export function localFileAccess({ origin, folders: named, closed }: LocalFileAccessOptions): LocalFileAccess {
  let opening: Promise<OpenFolders> | undefined
  const opened = () => (opening ??= openFolders({ origin, named, closed }))

  const find = async (text: string): Promise<LocalPlace> => {
    const given = absolutePath(text, origin)
    const path = await (await opened()).realPath(given)
    const found = await looked(path)
    if (!found.isFile() && !found.isDirectory()) throw notData(given)
    return { kind: found.isFile() ? 'file' : 'folder', name: basename(given), path }
  }
  return {
    find,
    async open(text) {
      const { kind, path } = await find(text)
      if (kind === 'folder') throw wrongKind(text, 'a folder, not a file', 'Name a file in it.')
      return contentOf(path)
    },
    async *list(text, options = {}) {
      const { kind, path } = await find(text)
      if (kind === 'file') throw wrongKind(text, 'a file, not a folder', 'Name the folder it is in.')
      const { isOpen } = await opened()
      for await (const batch of walkFolder(path, isOpen, options))
        yield await Promise.all(batch.map(async (file) => ({ ...file, content: await contentOf(file.real) })))
    },
  }
}

async function looked(path: string) {
  try {
    return await stat(path)
  } catch (error) {
    throw fileTrouble(error, path)
  }
}

async function contentOf(path: string): Promise<ContentSource> {
  // Loaded by the first file that is wanted: a server starts without.
  const { fileContent } = await import('@quilt-mcp/backends')
  try {
    return await fileContent(path)
  } catch (error) {
    throw fileTrouble(error, path)
  }
}

const wrongKind = (text: string, what: string, hint: string): QuiltError =>
  new QuiltError('invalid_input', `${JSON.stringify(text)} is ${what}`, { hint })

const notData = (path: string): QuiltError =>
  new QuiltError('forbidden', `${JSON.stringify(path)} is a device, a pipe or a socket`, {
    hint: 'Name a file or a folder.',
    details: { path },
  })
