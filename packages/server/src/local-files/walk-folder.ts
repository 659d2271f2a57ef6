// The files of a folder as a package takes them: in tree order, without what is hidden, ignored or closed.
import type { Dirent } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { compareCodePoints, quiltIgnore } from '@quilt-mcp/core'
import { fileTrouble, isMissing } from './file-trouble.js'

/** Why something in a folder is not among its files: its name begins with a dot; `.quiltignore` names it; it is a link to a folder, to
 * nothing, or one that leads out; it is closed (see open-folders.ts), or neither file nor folder. */
export type LeftOut = 'hidden' | 'ignored' | 'link' | 'closed'

export interface WalkOptions {
  readonly signal?: AbortSignal | undefined
  /** Told of each file or folder that is left out, with its path below the folder. */
  onLeftOut?(reason: LeftOut, path: string): void
}

/** A file below a folder. */
export interface WalkedFile {
  /** Below the folder, parts joined by `/`. */
  readonly path: string
  /** Where it really is. */
  readonly real: string
}

const filesInBatch = 500

/** All files below a folder, in batches, in the order of a manifest (formats.md 2.5).
 * @param folder its real path
 * @throws {QuiltError} `forbidden`, `not_found` when a part of it cannot be read: nothing is left out in silence */
export async function* walkFolder(
  folder: string,
  isOpen: (real: string) => boolean,
  { signal, onLeftOut }: WalkOptions = {},
): AsyncGenerator<readonly WalkedFile[], void, undefined> {
  const isIgnored = quiltIgnore(await ignoreText(folder))
  let batch: WalkedFile[] = []
  /** A stack: what comes next is its last. */
  const toCome = await itemsIn(folder, '')
  for (let item = toCome.pop(); item !== undefined; item = toCome.pop()) {
    signal?.throwIfAborted()
    const { path, found } = item
    const reason = item.hidden ? 'hidden' : isIgnored(`${slashed(folder)}/${path}`) ? 'ignored' : undefined
    const kind = reason ?? (await kindOf(join(folder, path), found, isOpen))
    if (kind === 'folder') toCome.push(...(await itemsIn(folder, path)))
    else if (typeof kind === 'object') batch.push({ path, real: kind.real })
    else onLeftOut?.(kind, path)
    if (batch.length < filesInBatch) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

const slashed = (path: string): string => path.replaceAll('\\', '/')

interface Item {
  readonly path: string
  readonly hidden: boolean
  readonly found: Dirent
}

/** What is in a folder, last first. */
async function itemsIn(root: string, folder: string): Promise<Item[]> {
  const at = join(root, folder)
  try {
    const found = await readdir(at, { withFileTypes: true })
    return found
      .sort((a, b) => compareCodePoints(b.name, a.name))
      .map((one) => ({
        path: folder === '' ? one.name : `${folder}/${one.name}`,
        hidden: one.name.startsWith('.'),
        found: one,
      }))
  } catch (error) {
    throw fileTrouble(error, at)
  }
}

async function kindOf(
  path: string,
  found: Dirent,
  isOpen: (real: string) => boolean,
): Promise<'folder' | LeftOut | { readonly real: string }> {
  if (!found.isSymbolicLink()) {
    if (!isOpen(path)) return 'closed'
    if (found.isDirectory()) return 'folder'
    return found.isFile() ? { real: path } : 'closed'
  }
  try {
    const real = await realpath(path)
    return isOpen(real) && (await stat(real)).isFile() ? { real } : 'link'
  } catch (error) {
    if (isMissing(error)) return 'link'
    throw fileTrouble(error, path)
  }
}

async function ignoreText(folder: string): Promise<string> {
  const path = join(folder, '.quiltignore')
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return ''
    throw fileTrouble(error, path)
  }
}
