// Signing in by password, for all doors that take one: bounded, so that nobody can guess on.
import type { IdentityStore } from '../identity/identity-store.js'
import type { Principal } from '../identity/principal.js'
import type { NodeBindings } from '../s3/app.js'
import type { LoginTries } from './login-tries.js'

/** The user; or why not: a wrong name or password, or too many tries. */
export type LoginOutcome =
  | { readonly kind: 'signed-in'; readonly principal: Principal }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'too-many'; readonly seconds: number; readonly message: string }

export interface PasswordLoginDeps {
  readonly identity: Pick<IdentityStore, 'byPassword'>
  readonly tries: LoginTries
}

/** @param env what the server says of the connection */
export async function passwordLogin(
  { identity, tries }: PasswordLoginDeps,
  { username, password }: { readonly username: string; readonly password: string },
  env: NodeBindings | undefined,
): Promise<LoginOutcome> {
  const address = env?.incoming?.socket?.remoteAddress ?? ''
  const seconds = tries.begin(username, address)
  if (seconds !== undefined)
    return { kind: 'too-many', seconds, message: `Too many tries. Try again in ${seconds} seconds.` }
  const principal = await identity.byPassword(username, password)
  if (principal === undefined) return { kind: 'wrong' }
  tries.succeed(username, address)
  return { kind: 'signed-in', principal }
}
