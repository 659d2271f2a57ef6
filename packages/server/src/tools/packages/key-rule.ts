// Where a file comes to lie in a package when the call does not name its path.
import { checkLogicalKey, QuiltError } from '@quilt-mcp/core'

/** `keep`: the path that the file has where it comes from; `flatten`: its name alone. */
export type KeyKeeping = 'keep' | 'flatten'

export interface KeyRule {
  readonly keys: KeyKeeping
  /** What is taken off the start of paths that are kept. */
  readonly strip?: string | undefined
}

/** A file where it comes from. */
export interface NamedFile {
  /** All of its path there: the key of an object, the logical key of an entry, the name of a local file. */
  readonly path: string
  /** Its path below the directory that the call names. Absent: the call names the file itself. */
  readonly below?: string | undefined
}

/**
 * The path of a file in the package.
 * @param logicalKey what the call says: a path, or a directory with a trailing slash; for a directory of files it is a directory either way
 * @throws {QuiltError} `invalid_input` when the result is no path, or the path does not begin with what is to be stripped
 */
export function logicalKeyOf({ path, below }: NamedFile, logicalKey: string | undefined, rule: KeyRule): string {
  if (logicalKey === undefined) return checked(byRule(path, rule))
  if (below === undefined && !logicalKey.endsWith('/')) return logicalKey
  const name = below === undefined || rule.keys === 'flatten' ? nameOf(path) : below
  return checked(`${logicalKey.replace(/\/$/, '')}/${name}`)
}

function byRule(path: string, { keys, strip = '' }: KeyRule): string {
  if (!path.startsWith(strip)) {
    throw new QuiltError(
      'invalid_input',
      `${path} does not begin with ${JSON.stringify(strip)}, which is to be stripped`,
      {
        hint: 'Give this entry a logical_key, or leave strip out.',
      },
    )
  }
  return keys === 'flatten' ? nameOf(path) : path.slice(strip.length).replace(/^\/(?=[^/])/, '')
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function checked(logicalKey: string): string {
  checkLogicalKey(logicalKey)
  return logicalKey
}
