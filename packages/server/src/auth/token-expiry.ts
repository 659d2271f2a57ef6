// When a token says that it ends. Nothing is verified here: the answer may only make something shorter, never allow anything.
import { decodeJwt } from 'jose'

/** Milliseconds since 1970; Infinity for what is no JWT or names no end. */
export function claimedExpiryMs(token: string): number {
  if (token.split('.').length !== 3) return Number.POSITIVE_INFINITY
  try {
    const { exp } = decodeJwt(token)
    return typeof exp === 'number' ? exp * 1_000 : Number.POSITIVE_INFINITY
  } catch {
    return Number.POSITIVE_INFINITY // three parts with dots between, but no JWT
  }
}
