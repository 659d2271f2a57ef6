// What an error of the file system means to the caller.
import { QuiltError } from '@quilt-mcp/core'
import { errorOf, type Meaning } from './meaning.js'

const denied: Meaning = {
  code: 'forbidden',
  says: 'access denied',
  hint: 'Give the user that runs this server the right to it, or use another folder.',
}
const full: Meaning = { code: 'upstream', says: 'the disk is full', hint: 'Free some space, then try again.' }
const folderInTheWay: Meaning = {
  code: 'invalid_input',
  says: 'a folder is there, or a file where a folder must be',
  hint: 'Choose another key: a key cannot be a file and a folder at the same time.',
}

const byCode: Readonly<Record<string, Meaning>> = {
  EACCES: denied,
  EPERM: denied,
  EROFS: { ...denied, says: 'the disk cannot be written' },
  ENOSPC: full,
  EDQUOT: full,
  EISDIR: folderInTheWay,
  ENOTDIR: folderInTheWay,
  ENOTEMPTY: folderInTheWay,
  ENAMETOOLONG: {
    code: 'invalid_input',
    says: 'a name is longer than this disk allows',
    hint: 'Use a shorter key: most disks allow 255 bytes between two slashes.',
  },
  ENOENT: { code: 'not_found', says: 'there is no such file', hint: 'Look at what is there with bucket_objects_list.' },
  EXDEV: {
    code: 'unsupported',
    says: 'this folder is on another disk than the rest of the registry',
    hint: 'Keep a registry on one disk: replace links and mounts below it by real folders.',
  },
}

/** Node's code of an error of the file system: `ENOENT`. Undefined for any other error. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && !(error instanceof QuiltError) && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
}

/** Whether there is no file: none of that name, or a file where a folder would have to be. */
export function isAbsent(error: unknown): boolean {
  const code = fileErrorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** The error for the caller; what is none of the file system is returned as it is.
 * @param attempt what was tried, with its URL: `Reading file:///data/a.csv` */
export function fileError(error: unknown, attempt: string): unknown {
  const code = fileErrorCode(error)
  if (code === undefined) return error
  const meaning = byCode[code]
  if (meaning === undefined) {
    return new QuiltError('upstream', `${attempt}: the file system failed (${code})`, {
      hint: 'Check the disk, then try again.',
      details: { reason: code },
      cause: error,
    })
  }
  return errorOf(meaning, attempt, { details: { reason: code }, cause: error })
}
