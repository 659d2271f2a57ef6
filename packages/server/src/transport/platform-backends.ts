// The backend of a principal: its own stack, its own token there, its own way into AWS, and no more than its token lists.
import {
  type Backend,
  type CredentialCache,
  type EntryCache,
  type HttpClient,
  type IndexCache,
  type PlatformOptions,
  platformBackend,
  type SearchForms,
  type UploadUrlOffers,
} from '@quilt-mcp/backends'
import { boundedBackend } from '../auth/bounded-backend.js'
import type { Principal } from '../auth/principal.js'

/** What signs requests for roles, and who is told what became of them. */
export type RoleAssuming = Pick<
  NonNullable<PlatformOptions['assumeRole']>,
  'signer' | 'region' | 'endpoint' | 'onOutcome'
>

/** What the backends of all principals share: connections; keyed by token, the answers to exchanges; indexes of manifests. None holds an
 * identity. */
export interface PlatformBackendsDeps {
  readonly http: HttpClient
  readonly credentialCache: CredentialCache
  readonly indexes: IndexCache
  readonly entryCache: EntryCache
  readonly uploadUrlOffers: UploadUrlOffers
  readonly searchForms: SearchForms
  readonly s3Endpoint?: string | undefined
  /** Absent: no role is assumed. */
  readonly assuming?: RoleAssuming | undefined
}

/** Builds a principal's backend. Nothing is sent before its first call. */
export function principalBackend({ assuming, ...shared }: PlatformBackendsDeps, principal: Principal): Backend {
  const { stack, registryToken, exchanges, role, credentials, rights } = principal
  const backend = platformBackend({
    ...shared,
    ...stack,
    token: registryToken,
    exchanges,
    assumeRole: role === undefined || assuming === undefined ? undefined : { ...assuming, ...roleOf(principal, role) },
    embeddedCredentials: credentials,
  })
  return boundedBackend(backend, rights)
}

const roleOf = ({ subject, sessionTags, transitiveTagKeys }: Principal, roleArn: string) => ({
  roleArn,
  subject,
  tags: Object.fromEntries(sessionTags.map(({ key, value }) => [key, value])),
  transitiveTagKeys,
})
