// What every client of the AWS SDK is told, so that it has nothing left to look up by itself: no provider chain, no profile, no
// endpoint from the environment (design 4, fail closed).
import { QuiltError } from '@quilt-mcp/core'
import { awsTransport } from './aws-transport.js'
import type { HttpClient } from './client.js'

const noPreference: string[] = []

/** Settings of a client of the SDK.
 * @param peer the service in words, for error messages: `S3` */
export function awsClientConfig(http: HttpClient, { peer }: { readonly peer: string }) {
  return {
    credentialDefaultProvider: () => noAmbientIdentity,
    ignoreConfiguredEndpointUrls: true,
    requestHandler: awsTransport(http, { peer }),
    // Retries are the HTTP client's.
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    authSchemePreference: noPreference,
    userAgentAppId: 'quilt-mcp',
  } as const
}

/** Stands where the SDK would look for the machine's own identity. */
async function noAmbientIdentity(): Promise<never> {
  throw new QuiltError('internal', 'A request to AWS was about to look for credentials of this process', {
    hint: 'Report this: only credentials of the caller may be used.',
  })
}
