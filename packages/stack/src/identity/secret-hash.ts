import { createHash, randomBytes } from 'node:crypto'

/** What is stored instead of a secret: SHA-256, hex. Enough for secrets that nobody can guess; passwords are hashed otherwise. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** A secret of 256 random bits, URL-safe. */
export const newSecret = (): string => randomBytes(32).toString('base64url')
