// The public keys of an issuer (JWKS), fetched when they are needed and kept when the issuer does not answer.
import { QuiltError } from '@quilt-mcp/core'
import { createLocalJWKSet, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'

export interface KeySetOptions {
  /** Fetches the JSON of the set. Rejects when there is no answer. */
  fetch(): Promise<unknown>
  /** Milliseconds, growing. */
  readonly now?: (() => number) | undefined
}

/** After so long a set is fetched again, while the old one serves. */
const freshForMs = 600_000
/** A key id that nobody knows makes no more than one request in this time. */
const pauseMs = 30_000
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
export function rotatingKeySet({ fetch, now = Date.now }: KeySetOptions): JWTVerifyGetKey {
  let known: { readonly find: JWTVerifyGetKey; readonly fetchedAtMs: number } | undefined
  let askedAtMs = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined

  const ask = (): Promise<void> => {
    askedAtMs = now()
    asking ??= fetch()
      .then((answer) => {
        const { keys } = jwks.parse(answer)
        known = { find: createLocalJWKSet({ keys: keys.filter(isPublic) }), fetchedAtMs: now() }
      })
      .finally(() => {
        asking = undefined
      })
    return asking
  }
  const mayAsk = (): boolean => asking !== undefined || now() - askedAtMs >= pauseMs
  const current = () => (known !== undefined && now() - known.fetchedAtMs < trustedForMs ? known : undefined)

  return async (header, token) => {
    if (current() === undefined) {
      if (!mayAsk()) throw noKeys(undefined)
      await ask().catch((cause: unknown) => {
        throw noKeys(cause)
      })
    } else if (now() - (known?.fetchedAtMs ?? 0) >= freshForMs && mayAsk()) {
      // In the background: the keys at hand are good until the issuer says otherwise.
      ask().catch(() => {})
    }
    const keys = current()
    if (keys === undefined) throw noKeys(undefined)
    try {
      return await keys.find(header, token)
    } catch (error) {
      if (!mayAsk()) throw error
      await ask().catch(() => {
        throw error
      })
      return (current() ?? keys).find(header, token)
    }
  }
}

function noKeys(cause: unknown): QuiltError {
  return new QuiltError('upstream', 'the keys of the token issuer cannot be had', {
    hint: 'Try again in a moment; the operator can check the address of the JWKS.',
    cause,
  })
}
