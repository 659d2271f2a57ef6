// What an error of the file system means to who named the file.
import { QuiltError } from '@quilt-mcp/core'

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** Whether there is nothing under the name. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')

/** The error for a file that cannot be read; what is none of the file system is returned as it is. */
export function fileTrouble(error: unknown, path: string): unknown {
  const code = error instanceof QuiltError ? undefined : codeOf(error)
  if (code === undefined) return error
  const name = JSON.stringify(path)
  if (isMissing(error)) {
    return new QuiltError('not_found', `${name} is not there any more`, {
      hint: 'Wait until nothing changes the folder, then call again.',
      details: { path },
      cause: error,
    })
  }
  const denied = ['EACCES', 'EPERM'].includes(code)
  return new QuiltError(denied ? 'forbidden' : 'upstream', `${name} cannot be read (${code})`, {
    hint: denied ? 'Give the user that runs this server the right to read it.' : 'Check the disk, then try again.',
    details: { path },
    cause: error,
  })
}
