// Who a token belongs to, as the registry says.
import { QuiltError } from '@quilt-mcp/core'
import type { Identity } from './backend.js'
import type { CallOptions } from './call-options.js'
import type { CredentialSource } from './credentials/exchange.js'
import { createHttpClient, type HttpClient } from './http/client.js'
import { type StackAddress, type StackUrls, stackAddress } from './registry-api/address.js'
import { type RegistryGraphql, registryGraphql } from './registry-api/graphql.js'
import { meQuery } from './registry-api/operations/me.js'

/** The user a token belongs to. */
export interface Me {
  readonly name: string
  readonly email: string
  readonly isAdmin: boolean
  readonly role: string
  readonly roles: readonly string[]
}

/** Asks the registry whose token this is. Undefined: it knows no such token, or the token is expired or revoked.
 * @throws {QuiltError} when the registry gives no answer */
export async function checkToken({
  token,
  http,
  ...urls
}: StackUrls & { readonly token: string; readonly http?: HttpClient | undefined }): Promise<Me | undefined> {
  const client = http ?? createHttpClient()
  try {
    return await meOf(registryGraphql({ ...stackAddress(urls, { http: client }), token, http: client }))
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'unauthenticated') return undefined
    throw error
  } finally {
    if (http === undefined) await client.close()
  }
}

export interface IdentityDeps {
  readonly graphql: RegistryGraphql
  readonly address: StackAddress
  readonly credentials: CredentialSource
  /** Told in which role the registry sees the principal, before credentials are looked at. */
  readonly onRole?: ((role: string) => Promise<void>) | undefined
}

/** @throws {QuiltError} `unauthenticated` when the registry does not know the token */
export async function registryIdentity(
  { graphql, address, credentials, onRole }: IdentityDeps,
  { signal }: CallOptions = {},
): Promise<Identity> {
  const [me, registryUrl, catalog] = await Promise.all([
    knownMe(graphql, { signal }),
    address.registryUrl(signal),
    address.catalog(signal),
  ])
  await onRole?.(me.role)
  const hasCredentials = await credentials.available(signal)
  const { region, stackVersion } = catalog?.config ?? {}
  return {
    backend: 'platform',
    user: { name: me.name, email: me.email, isAdmin: me.isAdmin },
    role: me.role,
    roles: me.roles,
    ...(catalog === undefined ? {} : { catalogUrl: catalog.url }),
    registryUrl,
    ...(region === undefined ? {} : { region }),
    ...(stackVersion === undefined ? {} : { stackVersion }),
    objectAccess: hasCredentials ? 'credentials' : 'browse-only',
  }
}

/** @throws {QuiltError} `unauthenticated` when the registry does not know the token */
export async function knownMe(graphql: RegistryGraphql, options?: CallOptions): Promise<Me> {
  const me = await meOf(graphql, options)
  if (me !== undefined) return me
  throw new QuiltError('unauthenticated', 'The registry does not know this token', {
    hint: 'The token is unknown, expired or revoked: sign in again, or make a new API key.',
  })
}

async function meOf(graphql: RegistryGraphql, options?: CallOptions): Promise<Me | undefined> {
  const { me } = await graphql.run(meQuery, {}, options)
  if (me === null) return undefined
  return {
    name: me.name,
    email: me.email,
    isAdmin: me.isAdmin,
    role: me.role.name,
    roles: me.roles.map(({ name }) => name),
  }
}
