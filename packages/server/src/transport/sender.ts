// Who sends a request: from its token and its wishes to a principal, or to the refusal that it is answered with.
import type { IncomingMessage } from 'node:http'
import type { QuiltError } from '@quilt-mcp/core'
import type { Authenticator } from '../auth/authenticate.js'
import { bearerToken } from '../auth/bearer.js'
import type { Principal } from '../auth/principal.js'
import type { Log } from '../context/log.js'
import { clearRuntimeAuth } from '../context/runtime-context.js'
import { asQuiltError } from '../mcp/error.js'
import { authenticationOutcome, authRefusal, type SignIn } from './http-refusal.js'
import type { FailedAuthentications } from './limits/failed-authentications.js'
import type { Refusal } from './limits/refusal.js'
import type { Metrics } from './operations/metrics.js'
import { onlyHeader } from './request-header.js'

export interface SenderDeps {
  readonly authenticator: Authenticator
  readonly failures: FailedAuthentications
  readonly metrics: Metrics
  readonly log: Log
}

/** What of a request tells its sender, and what a sender who is not known is told. */
export interface SentRequest {
  readonly incoming: IncomingMessage
  readonly requestId: string
  readonly signIn: Omit<SignIn, 'hasToken'>
}

/** Makes what tells the sender of a request, inside its runtime context. */
export function senderOf({ authenticator, failures, metrics, log }: SenderDeps) {
  return async (request: SentRequest): Promise<Principal | Refusal> => {
    const { incoming } = request
    const address = incoming.socket.remoteAddress
    const authorization = incoming.headersDistinct.authorization ?? []
    const hasToken = authorization.length > 0
    let tooMany: Refusal | undefined
    try {
      const principal = await authenticator.authenticate(bearerToken(authorization), {
        catalogUrl: onlyHeader(incoming, 'X-Quilt-Catalog-URL'),
        role: onlyHeader(incoming, 'X-Quilt-User-Role'),
        mayAsk: () => {
          tooMany = failures.check(address)
          if (tooMany !== undefined) throw tooMany.error
        },
      })
      metrics.authentication('good')
      return principal
    } catch (thrown) {
      clearRuntimeAuth()
      if (tooMany !== undefined) {
        metrics.rateLimited('address')
        return tooMany
      }
      const error = asQuiltError(thrown)
      const outcome = authenticationOutcome(error)
      metrics.authentication(outcome)
      if (error.code === 'unauthenticated' && hasToken) failures.failed(address)
      if (outcome === 'unavailable') unavailable(error, thrown, request)
      return authRefusal(error, { ...request.signIn, hasToken })
    }
  }

  function unavailable(error: QuiltError, thrown: unknown, { requestId }: SentRequest): void {
    // Only the bound on questions says so before anybody was asked; a registry that does is an upstream that fails.
    if (error.code === 'rate_limited') metrics.rateLimited('questions')
    else metrics.unverified(error.code)
    log.error({ code: error.code, requestId, error: thrown }, 'a token could not be checked')
  }
}
