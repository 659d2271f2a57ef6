// Tokens as issuers sign them, and as forgers do: made here by hand, so that also those can be made that no library would.
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export type Claims = Readonly<Record<string, unknown>>
export type Header = Readonly<Record<string, unknown>>

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The parts of a token before its signature. */
const unsigned = (header: Header, claims: Claims): string => `${part(header)}.${part(claims)}`

/** A token that says nothing of who signed it. */
export const unsignedToken = (header: Header, claims: Claims, signature = ''): string =>
  `${unsigned(header, claims)}.${signature}`

/** Signed with a shared secret. @param header replaces what is usual */
export function hmacToken(claims: Claims, secret: string | Buffer, header: Header = {}, hash = 'sha256'): string {
  const text = unsigned({ alg: 'HS256', typ: 'JWT', ...header }, claims)
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`
}

export interface KeyPair {
  readonly kid: string
  readonly alg: 'RS256' | 'ES256' | 'EdDSA'
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export function keyPair(kid: string, alg: KeyPair['alg']): KeyPair {
  if (alg === 'RS256') return { kid, alg, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) }
  if (alg === 'ES256') return { kid, alg, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) }
  return { kid, alg, ...generateKeyPairSync('ed25519') }
}

/** As a set of keys lists it (RFC 7517). */
export const publicJwk = ({ kid, alg, publicKey }: KeyPair): object => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  alg,
  use: 'sig',
})

/** Signed with a private key (RFC 7515, RFC 8037). @param header replaces what is usual */
export function signedToken(claims: Claims, { kid, alg, privateKey }: KeyPair, header: Header = {}): string {
  const text = unsigned({ alg, kid, typ: 'JWT', ...header }, claims)
  const signature = sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(text), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  })
  return `${text}.${signature.toString('base64url')}`
}

/** Seconds since 1970, from now. */
export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds
