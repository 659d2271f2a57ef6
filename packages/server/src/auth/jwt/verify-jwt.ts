// Verifies a platform JWT on this machine: with shared secrets (HS256) or the issuer's public keys, never with both for one
// algorithm, and never with a key that the token brings along.
import { QuiltError } from '@quilt-mcp/core'
import {
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import type { RotatingSecrets } from './rotating-secrets.js'

export interface JwtVerifierOptions {
  /** Shared secrets. */
  readonly secrets?: RotatingSecrets | undefined
  /** The issuer's public keys. */
  readonly keySet?: JWTVerifyGetKey | undefined
  readonly issuer?: string | undefined
  readonly audience?: string | undefined
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

export interface VerifiedJwt {
  readonly payload: JWTPayload
  /** What verified it: a shared secret, or a public key. */
  readonly by: 'secret' | 'public'
}

/** Verifies a token. Undefined: it is none of ours, whatever is wrong with it.
 * @throws {QuiltError} `upstream` when its key cannot be had, and nothing else */
export type JwtVerifier = (token: string) => Promise<VerifiedJwt | undefined>

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
const secretAlgorithm = 'HS256'
/** In bytes: a token is ASCII. Deployments are known with 4 KB (jwt-claims.md 3). */
const longestToken = 16_384
const toleranceSeconds = 30
/** The last second that a Date can hold: a later one is no time. */
const lastSecond = 8_640_000_000_000
/** Headers by which a token would choose its own key, or change what is signed: never looked at, and refused. */
const refusedHeaders = ['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc'] as const

/**
 * A verifier of signature, `exp` (required), `nbf`, `iat` (not in the future), and of `iss` and `aud` where they are configured.
 * Clocks may differ by 30 s. A token of more than 16 KiB is refused unread.
 * @throws {QuiltError} `invalid_input` when nothing is given to verify with
 */
export function createJwtVerifier({
  secrets,
  keySet,
  issuer,
  audience,
  now = Date.now,
}: JwtVerifierOptions): JwtVerifier {
  if (secrets === undefined && keySet === undefined) {
    throw new QuiltError('invalid_input', 'there is no key to verify tokens with', {
      hint: 'Set a secret or the address of a JWKS, or leave verification to the registry.',
    })
  }
  const shared: JWTVerifyOptions = {
    requiredClaims: ['exp'],
    clockTolerance: toleranceSeconds,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  }
  const verify = async (token: string): Promise<VerifiedJwt | undefined> => {
    const header = decodeProtectedHeader(token)
    if (refusedHeaders.some((name) => header[name] !== undefined)) return undefined
    const options = { ...shared, currentDate: new Date(now()) }
    if (header.alg !== secretAlgorithm) {
      if (keySet === undefined) return undefined
      const { payload } = await jwtVerify(token, keySet, { ...options, algorithms: publicAlgorithms })
      return { payload, by: 'public' }
    }
    const payload = secrets && (await verifyBySecret(token, header.kid, { secrets, options }))
    return payload && { payload, by: 'secret' }
  }
  return async (token) => {
    if (token.length > longestToken || !isCompact(token)) return undefined
    try {
      const verified = await verify(token)
      return verified && hasPossibleTimes(verified.payload, now()) ? verified : undefined
    } catch (error) {
      if (error instanceof QuiltError) throw error
      // The same for every fault: what exactly is wrong helps nobody but who is trying.
      return undefined
    }
  }
}

/** Three parts of base64url, the signature in its one spelling: decoders pass over padding, blanks and spare bits, and a token that can
 * be written in many ways is many tokens to all who know it by its hash. The signature covers how the other parts are written. */
function isCompact(token: string): boolean {
  const signature = /^[\w-]+\.[\w-]+\.([\w-]+)$/.exec(token)?.[1]
  return signature !== undefined && Buffer.from(signature, 'base64url').toString('base64url') === signature
}

async function verifyBySecret(
  token: string,
  kid: string | undefined,
  { secrets, options }: { readonly secrets: RotatingSecrets; readonly options: JWTVerifyOptions },
): Promise<JWTPayload | undefined> {
  const strict = { ...options, algorithms: [secretAlgorithm] }
  const secret = await secrets.find(kid)
  if (secret === undefined) return undefined
  try {
    return (await jwtVerify(token, secret, strict)).payload
  } catch (error) {
    if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error
    const other = await secrets.findOther(kid, secret)
    return other && (await jwtVerify(token, other, strict)).payload
  }
}

/** What jose leaves open: an end that is no time, and a token from the future. */
function hasPossibleTimes({ exp, iat }: JWTPayload, nowMs: number): boolean {
  return (
    exp !== undefined &&
    exp <= lastSecond &&
    (iat === undefined || (typeof iat === 'number' && iat <= nowMs / 1_000 + toleranceSeconds))
  )
}
