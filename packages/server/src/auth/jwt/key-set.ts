// The public keys of an issuer (JWKS), fetched when they are needed and kept when the issuer does not answer.
import { QuiltError } from '@quilt-mcp/core'
import { createLocalJWKSet, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { keptFresh } from './kept-fresh.js'

export interface KeySetOptions {
  /** Fetches the JSON of the set. Rejects when there is no answer. */
  fetch(signal: AbortSignal): Promise<unknown>
  /** Told of every fetch that failed. */
  readonly onProblem?: ((error: unknown) => void) | undefined
  /** Milliseconds, growing. */
  readonly now?: (() => number) | undefined
}

/** Keys that could not be confirmed for so long are no longer trusted. */
const trustedForMs = 86_400_000
const mostKeys = 100

const keyList = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(mostKeys) })
const jwks = z.custom<JSONWebKeySet>((answer) => keyList.safeParse(answer).success, 'not a JWKS')

/** Asymmetric keys only: a set that holds a secret is no set of public keys. */
const isPublic = ({ kty, d, k }: JWK): boolean => kty !== 'oct' && d === undefined && k === undefined

/**
 * The keys of an issuer. Rotation: an unknown `kid` has them fetched anew, at most twice a minute. Outage: known keys go on
 * serving for a day.
 * @returns what `jwtVerify` asks for a key; it rejects with `upstream` when no keys are known at all
 */
export function rotatingKeySet({ fetch, onProblem, now }: KeySetOptions): JWTVerifyGetKey {
  const keys = keptFresh({
    read: async (signal) => createLocalJWKSet({ keys: jwks.parse(await fetch(signal)).keys.filter(isPublic) }),
    unavailable: noKeys,
    trustedForMs,
    onProblem,
    now,
  })
  return async (header, token) => {
    const find = await keys.get()
    try {
      return await find(header, token)
    } catch (error) {
      const newer = await keys.again()
      if (newer === find) throw error
      return newer(header, token)
    }
  }
}

function noKeys(cause: unknown): QuiltError {
  return new QuiltError('upstream', 'the keys of the token issuer cannot be had', {
    hint: 'Try again in a moment; the operator can check the address of the JWKS.',
    cause,
  })
}
