// Password hashes: scrypt with a salt of its own for each, written `scrypt$<salt>$<hash>` in base64.
import { randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const hashBytes = 32
const derive = promisify<string, Uint8Array, number, Buffer>(scrypt)

export function hashPassword(password: string): string {
  const salt = randomBytes(16)
  return `scrypt$${salt.toString('base64')}$${scryptSync(password, salt, hashBytes).toString('base64')}`
}

/** Whether a password is the one that was hashed. Takes as long for a user without a password, or for none at all. */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, salt = '', hash = ''] = (stored ?? '').split('$')
  const derived = await derive(password, Buffer.from(salt, 'base64'), hashBytes)
  const expected = Buffer.from(hash, 'base64')
  return expected.length === derived.length && timingSafeEqual(expected, derived)
}
