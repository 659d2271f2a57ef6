// Tokens are never kept as keys or shown: their hashes are.
import { createHash } from 'node:crypto'

/** SHA-256 of a token, hex. */
export const tokenKey = (token: string): string => createHash('sha256').update(token).digest('hex')
