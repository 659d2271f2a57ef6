// Reads and writes the small files that a user's sign-in is kept in. quilt3 writes them in place: who reads meanwhile sees a torso,
// so one that does not parse is read again.
import { chmod, mkdir, open, readFile, realpath, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { QuiltError } from '@quilt-mcp/core'
import { unlessAbsent } from '../objects/file-address.js'
import { fileError, fileErrorCode } from '../objects/file-error.js'
import { syncFolder } from '../packages/stores/file-store-write.js'
import { pauseFor } from '../pause.js'

/** Milliseconds before each further look at a file that does not parse. */
const torsoPausesMs = [10, 20, 50, 100, 200]

/** The value of a JSON file; undefined when there is none.
 * @throws {QuiltError} `unauthenticated` when it stays unreadable or is not JSON: signing in again is what helps */
export async function readJsonFile(path: string, signal?: AbortSignal): Promise<unknown> {
  for (let look = 0; ; look += 1) {
    const text = await readTextFile(path)
    if (text === undefined) return undefined
    try {
      return JSON.parse(text)
    } catch {
      // The parser's words would quote the file, which holds tokens.
      const pauseMs = torsoPausesMs[look]
      if (pauseMs === undefined) throw damagedFile(path, text.trim() === '' ? 'it is empty' : 'it is not JSON')
      await pauseFor(pauseMs, signal)
    }
  }
}

/** The text of a file; undefined when there is none. @throws {QuiltError} `unauthenticated` when it cannot be read */
export async function readTextFile(path: string): Promise<string | undefined> {
  try {
    return await unlessAbsent(readFile(path, 'utf8'))
  } catch (cause) {
    const code = fileErrorCode(cause)
    if (code === undefined) throw cause
    throw new QuiltError('unauthenticated', `${path} cannot be read (${code})`, {
      hint: 'It holds your sign-in to Quilt: correct its permissions, or remove it and run quilt-mcp login.',
      details: { path, reason: code },
      cause,
    })
  }
}

/** @param why without anything of the content */
export function damagedFile(path: string, why: string): QuiltError {
  return new QuiltError('unauthenticated', `${path} is damaged: ${why}`, {
    hint: 'Run quilt-mcp login (or quilt3 login): it keeps the damaged file beside a new one.',
    details: { path, reason: 'damaged' },
  })
}

/** Whether this is the error of {@link damagedFile}. */
export const isDamage = (error: unknown): boolean => error instanceof QuiltError && error.details?.reason === 'damaged'

/** Replaces a file as a whole, safe on disk; its folder is made. Only one writer at a time: see `locked` of the session's files.
 * @param mode of the file, `0o600` for secrets
 * @throws {QuiltError} `forbidden` when the folder cannot be written */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    const target = (await unlessAbsent(realpath(path))) ?? path // a link stays a link
    const gathered = `${target}.new`
    const file = await open(gathered, 'w', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await chmod(gathered, mode) // one that a killed process left may be more open
    await rename(gathered, target)
    await syncFolder(dirname(target))
  } catch (cause) {
    throw fileError(cause, `Writing ${path}`)
  }
}
