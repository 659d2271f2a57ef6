// The AWS identity of a server's own process, for the one thing that a server for many needs it for.
import type { HttpClient } from '../http/client.js'
import type { Surroundings } from '../surroundings.js'
import type { RoleSigner } from './assume-role.js'
import { chainCredentials } from './chain.js'

export interface ProcessRoleSignerOptions {
  readonly surroundings: Surroundings
  /** Reaches STS and single sign-on, where the chain asks them; the metadata of container and instance the SDK asks by itself. */
  readonly http: HttpClient
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

/** Signs requests to assume a tenant's role as this process: by the AWS chain, looked at when the first role is assumed. That is its only
 * use. It is no source of credentials for a backend, and cannot be taken for one: nothing else is ever signed by it, and a role that it may
 * not assume is refused, not replaced (design 4). Give the process's own role `sts:AssumeRole`, `sts:SetSourceIdentity` and
 * `sts:TagSession` on the tenants' roles, and no more. */
export function processRoleSigner({ surroundings, http, now }: ProcessRoleSignerOptions): RoleSigner {
  const { env, homeDir } = surroundings
  const { get, drop } = chainCredentials({ env, homeDir, http, now })
  return { get, drop }
}
