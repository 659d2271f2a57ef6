// Who a request is served for, once its token is verified. Everything that decides what the caller reaches is here.
import { createHash } from 'node:crypto'
import type { StackUrls } from '@quilt-mcp/backends'
import type { RuntimeAuth } from '../context/runtime-context.js'
import type { EmbeddedCredentials, SessionTag } from './claims/token-claims.js'
import type { Rights } from './rights.js'

export interface Principal {
  /** As it came, for this server alone. */
  readonly token: string
  /** `tokenKey` of it. */
  readonly tokenKey: string
  readonly scheme: RuntimeAuth['scheme']
  /** Verified; none where the registry was asked. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Who, as the issuer or the registry says; goes into AWS's own log of assumed roles. */
  readonly subject: string
  /** Tells callers apart in logs and limits, and says nothing about them: 12 hex digits. */
  readonly id: string
  /** Its stack, and the token that goes there and nowhere else. */
  readonly stack: StackUrls
  readonly registryToken: string
  /** Whether the registry may be asked for AWS credentials: it knows the token, and no other role was chosen. */
  readonly exchanges: boolean
  /** The role to assume: the token's, or the one the request chose. */
  readonly role?: string | undefined
  readonly sessionTags: readonly SessionTag[]
  readonly transitiveTagKeys: readonly string[]
  readonly credentials?: EmbeddedCredentials | undefined
  readonly rights: Rights
  /** The token is for reading alone. */
  readonly readOnly: boolean
}

/** What one backend serves: the same for the same token, stack and role. Begins with the key of the token. */
export const backendKey = ({ tokenKey, stack, role, exchanges }: Principal): string =>
  JSON.stringify([tokenKey, stack.catalogUrl, stack.registryUrl, role, exchanges])

/** Whether a backend is one of a token, by its key. */
export const isBackendOf = (key: string, ofToken: string): boolean => key.startsWith(`["${ofToken}"`)

/** @param parts what identifies the caller: issuer and subject, or the token */
export const principalId = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12)
