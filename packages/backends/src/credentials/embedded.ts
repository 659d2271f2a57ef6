// Credentials that came inside verified claims (design 4): used as they are, and not to be renewed.
import { QuiltError } from '@quilt-mcp/core'
import type { CredentialSource } from './exchange.js'
import type { AwsCredentials } from './outcome.js'

/** A source of these credentials until they end, or until AWS refuses them. */
export function embeddedCredentials(
  credentials: AwsCredentials,
  { now = Date.now }: { readonly now?: (() => number) | undefined } = {},
): CredentialSource {
  let refused = false
  const alive = () => !refused && now() < (credentials.expiresAtMs ?? Number.POSITIVE_INFINITY)
  return {
    available: async () => alive(),
    async get(signal) {
      signal?.throwIfAborted()
      if (alive()) return credentials
      throw new QuiltError('forbidden', 'The AWS credentials in your token have expired', {
        hint: 'Sign in again to get a new token.',
        details: { reason: 'embedded-expired' },
      })
    },
    drop({ accessKeyId }) {
      if (accessKeyId === credentials.accessKeyId) refused = true
    },
  }
}
