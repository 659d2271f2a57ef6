// The doors for seeding and tests: what an operator would do by hand.
import { QuiltError } from '@quilt-mcp/core'
import type { IdentityStore } from './identity/identity-store.js'
import type { StackAdmin } from './stack.js'
import type { ObjectStore } from './store/object-store.js'

export function stackAdmin({
  store,
  identity,
}: {
  readonly store: ObjectStore
  readonly identity: IdentityStore
}): StackAdmin {
  const userId = (userName: string): string => {
    const principal = identity.principalByName(userName)
    if (principal !== undefined) return principal.userId
    throw new QuiltError('not_found', `there is no user ${userName}`, { hint: 'Create the user first.' })
  }
  return {
    createBucket(input) {
      store.createBucket(input.name)
      identity.putBucket(input)
    },
    createRole: identity.putRole,
    createUser: identity.putUser,
    async sessionToken(userName, { seconds } = {}) {
      return (await identity.createSession(userId(userName), seconds)).token
    },
    apiKey: (userName, { name = 'seeded', days = 90 } = {}) =>
      identity.createApiKey(userId(userName), { name, days }).secret,
    refreshToken: (userName) => identity.createRefreshToken(userId(userName)),
  }
}
