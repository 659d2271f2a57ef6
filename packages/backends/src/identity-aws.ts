// Who AWS credentials belong to.
import { QuiltError } from '@quilt-mcp/core'
import type { CallOptions, Identity } from './backend.js'
import type { CredentialSource } from './credentials/exchange.js'
import { type AwsCaller, callerIdentity } from './credentials/sts.js'
import type { HttpClient } from './http/client.js'

export interface AwsIdentityDeps {
  readonly credentials: CredentialSource
  readonly http: HttpClient
  readonly region: string
  /** Address of STS. Absent: Amazon's. null: S3 is not Amazon's, and there is no STS beside it. */
  readonly stsEndpoint?: string | null | undefined
}

/** Asks STS once for each set of credentials. Where STS does not answer, the access key stands for the user.
 * @throws {QuiltError} from the function returned: why there are no credentials */
export function awsIdentity(deps: AwsIdentityDeps): (options?: CallOptions) => Promise<Identity> {
  const { http, region, stsEndpoint: endpoint } = deps
  let known: { readonly accessKeyId: string; readonly caller: AwsCaller } | undefined
  return async ({ signal } = {}) => {
    const credentials = await deps.credentials.get(signal)
    if (known?.accessKeyId !== credentials.accessKeyId && endpoint !== null) {
      const caller = await callerIdentity({ http, credentials, region, endpoint, signal }).catch(orUndefined)
      known = caller === undefined ? undefined : { accessKeyId: credentials.accessKeyId, caller }
    }
    const caller = known?.accessKeyId === credentials.accessKeyId ? known.caller : undefined
    return {
      backend: 'iam',
      user: {
        name:
          caller?.name ?? `access key ${credentials.accessKeyId.slice(0, 4)}...${credentials.accessKeyId.slice(-4)}`,
      },
      ...(caller?.role === undefined ? {} : { role: caller.role }),
      region,
      objectAccess: 'credentials',
    }
  }
}

/** A policy or a network may keep STS away while S3 is open; dead credentials are told of. */
function orUndefined(error: unknown): undefined {
  if (error instanceof QuiltError && error.code !== 'unauthenticated') return undefined
  throw error
}
