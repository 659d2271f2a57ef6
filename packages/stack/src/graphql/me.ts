// The caller: role, API keys (formats.md 7.2, 7.6).
import type { ApiKey } from '../identity/api-keys.js'
import type { IdentityStore } from '../identity/identity-store.js'
import type { Principal } from '../identity/principal.js'
import { callerOf, type GraphqlContext } from './caller.js'
import { invalidInput } from './refusals.js'

interface ApiKeyFilter {
  readonly name?: string | null
  readonly fingerprint?: string | null
  readonly status?: ApiKey['status'] | null
}

const mostKeyDays = 365
const longestKeyName = 100

export const meResolvers = (identity: IdentityStore) => ({
  Query: {
    me: (_: unknown, _args: unknown, { principal }: GraphqlContext) => principal,
  },

  Me: {
    name: ({ userName }: Principal) => userName,
    role: ({ roleName }: Principal) => ({ name: roleName }),
    roles: ({ userId }: Principal) => identity.rolesOf(userId).map((name) => ({ name })),
    apiKeys: ({ userId }: Principal, { name, fingerprint, status }: ApiKeyFilter) =>
      identity
        .apiKeys(userId)
        .filter((key) => name == null || key.name === name)
        .filter((key) => fingerprint == null || key.fingerprint === fingerprint)
        .filter((key) => status == null || key.status === status),
    apiKey: ({ userId }: Principal, { id }: { readonly id: string }) =>
      identity.apiKeys(userId).find((key) => key.id === id),
  },

  Mutation: {
    switchRole(_: unknown, { roleName }: { readonly roleName: string }, context: GraphqlContext) {
      const principal = identity.switchRole(callerOf(context).userId, roleName)
      if (principal !== undefined) return { __typename: 'Me', ...principal }
      return invalidInput('roleName', 'RoleNotFound', `You do not have the role ${roleName}.`)
    },
    apiKeyCreate(
      _: unknown,
      { input: { name, expiresInDays } }: { readonly input: { readonly name: string; readonly expiresInDays: number } },
      context: GraphqlContext,
    ) {
      const { userId } = callerOf(context)
      if (name.trim() === '' || name.length > longestKeyName)
        return invalidInput('input.name', 'InvalidName', `A key's name has 1 to ${longestKeyName} characters.`)
      if (expiresInDays < 1 || expiresInDays > mostKeyDays)
        return invalidInput('input.expiresInDays', 'InvalidExpiration', `A key lives for 1 to ${mostKeyDays} days.`)
      const { key, secret } = identity.createApiKey(userId, { name, days: expiresInDays })
      return { __typename: 'APIKeyCreated', apiKey: key, secret }
    },
    apiKeyRevoke(
      _: unknown,
      { id, secret }: { readonly id?: string | null; readonly secret?: string | null },
      context: GraphqlContext,
    ) {
      const { userId } = callerOf(context)
      if ((id == null) === (secret == null))
        return invalidInput('id', 'InvalidInputParameters', 'Give either the id or the secret of the key.')
      const revoked = identity.revokeApiKey(userId, { ...(id != null && { id }), ...(secret != null && { secret }) })
      if (revoked) return { __typename: 'Ok' }
      return invalidInput(id == null ? 'secret' : 'id', 'KeyNotFound', 'You do not have such a key.')
    },
  },
})
