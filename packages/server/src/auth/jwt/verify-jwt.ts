// Verifies a platform JWT on this machine: with shared secrets (HS256) or the issuer's public keys, never with both for one
// algorithm, and never with a key that the token brings along.
import { createSecretKey } from 'node:crypto'
import { QuiltError } from '@quilt-mcp/core'
import {
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'

export interface JwtVerifierOptions {
  /** Shared secrets by key id; the one under `''` serves tokens without an id. At least 32 bytes each. */
  readonly secrets?: ReadonlyMap<string, string> | undefined
  /** The issuer's public keys. */
  readonly keySet?: JWTVerifyGetKey | undefined
  readonly issuer?: string | undefined
  readonly audience?: string | undefined
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

/** Verifies a token. Undefined: it is none of ours, whatever is wrong with it. */
export type JwtVerifier = (token: string) => Promise<JWTPayload | undefined>

const publicAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]
const secretAlgorithms = ['HS256']
const toleranceSeconds = 30
const shortestSecretBytes = 32
/** Headers by which a token would choose its own key: never looked at, and refused. */
const keyBearingHeaders = ['jwk', 'jku', 'x5u', 'x5c'] as const

/**
 * A verifier of `exp` (required), `nbf`, signature, and `iss` and `aud` where they are configured.
 * @throws {QuiltError} `invalid_input` when a secret is too short to be one, or nothing is given to verify with
 */
export function createJwtVerifier({
  secrets = new Map(),
  keySet,
  issuer,
  audience,
  now,
}: JwtVerifierOptions): JwtVerifier {
  checkKeys(secrets, keySet)
  const secretKeys = new Map([...secrets].map(([kid, secret]) => [kid, createSecretKey(Buffer.from(secret))]))
  const shared: JWTVerifyOptions = {
    requiredClaims: ['exp'],
    clockTolerance: toleranceSeconds,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  }
  return async (token) => {
    try {
      const header = decodeProtectedHeader(token)
      if (keyBearingHeaders.some((name) => header[name] !== undefined)) return undefined
      const options = { ...shared, ...(now === undefined ? {} : { currentDate: new Date(now()) }) }
      if (secretAlgorithms.includes(header.alg ?? '')) {
        const key = secretKeys.get(header.kid ?? '')
        return key && (await jwtVerify(token, key, { ...options, algorithms: secretAlgorithms })).payload
      }
      return keySet && (await jwtVerify(token, keySet, { ...options, algorithms: publicAlgorithms })).payload
    } catch (error) {
      // The same for every fault: what exactly is wrong helps nobody but who is trying.
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
      throw error
    }
  }
}

function checkKeys(secrets: ReadonlyMap<string, string>, keySet: JWTVerifyGetKey | undefined): void {
  if (secrets.size === 0 && keySet === undefined) {
    throw new QuiltError('invalid_input', 'there is no key to verify tokens with', {
      hint: 'Set a secret or the address of a JWKS, or leave verification to the registry.',
    })
  }
  const short = [...secrets].find(([, secret]) => Buffer.byteLength(secret) < shortestSecretBytes)
  if (short === undefined) return
  throw new QuiltError('invalid_input', `the token secret ${short[0] || 'without a key id'} is too short`, {
    hint: `HS256 needs ${shortestSecretBytes} random bytes or more: openssl rand -base64 48.`,
  })
}
