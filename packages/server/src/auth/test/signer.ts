// Signs tokens as an issuer with a key pair does.
import { generateKeyPairSync } from 'node:crypto'
import { exportJWK, type JWK, type JWTPayload, SignJWT } from 'jose'

export interface Signer {
  /** The public key, as a JWKS holds it. */
  readonly jwk: JWK
  /** A token of these claims that ends in an hour, unless the claims say otherwise. */
  sign(claims: JWTPayload): Promise<string>
}

export async function signerOf(kid: string): Promise<Signer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    jwk: { ...(await exportJWK(publicKey)), kid },
    sign: (claims) =>
      new SignJWT({ exp: Math.floor(Date.now() / 1_000) + 3_600, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid })
        .sign(privateKey),
  }
}
