// Tokens put together by hand: what signs for us would refuse to make them.
import { createHmac } from 'node:crypto'

/** The secret that signs them unless a test says otherwise. */
export const secret = 'a secret of more than thirty-two bytes'
export const hs256 = { alg: 'HS256' }

export type Signature = (input: string) => Buffer

export const hmac =
  (key: string | Buffer, hash = 'sha256'): Signature =>
  (input) =>
    createHmac(hash, key).update(input).digest()

/** JSON, or a text as it is, in base64url. */
export const encoded = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

/** A token of these parts, rightly signed. */
export function handmadeToken(header: unknown, payload: unknown, signature: Signature = hmac(secret)): string {
  const input = `${encoded(header)}.${encoded(payload)}`
  return `${input}.${signature(input).toString('base64url')}`
}
