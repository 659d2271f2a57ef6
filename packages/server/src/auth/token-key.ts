// Tokens are never kept as keys or shown: their hashes are.
import { createHash } from 'node:crypto'

/** SHA-256, hex, of a token and what else tells callers apart. */
export const tokenKey = (token: string, ...scope: readonly string[]): string =>
  createHash('sha256')
    .update([token, ...scope].join('\0'))
    .digest('hex')
