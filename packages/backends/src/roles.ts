// Switching between the roles of a user, at the registry (formats.md 7.6).
import { QuiltError } from '@quilt-mcp/core'
import type { Roles } from './backend.js'
import { knownMe } from './identity.js'
import type { RegistryGraphql } from './registry-api/graphql.js'
import { switchRoleMutation } from './registry-api/operations/switch-role.js'

export interface RolesDeps {
  readonly graphql: RegistryGraphql
  /** Forgets all that was learnt or given in another role. */
  readonly forget: () => Promise<void>
}

/** Makes the roles of one principal. */
export function registryRoles({ graphql, forget }: RolesDeps): Roles {
  return {
    async switch(role, { signal } = {}) {
      const { role: before, roles } = await knownMe(graphql, { signal })
      if (!roles.includes(role)) throw notYours(role, roles)
      try {
        const now =
          role === before ? before : (await graphql.run(switchRoleMutation, { roleName: role }, { signal })).role.name
        return { before, role: now, roles }
      } finally {
        // Also when no answer came: the registry may have switched. Also when nothing was to be done: another session may have switched.
        await forget()
      }
    },
  }
}

function notYours(role: string, roles: readonly string[]): QuiltError {
  return new QuiltError('invalid_input', `You do not have the role ${JSON.stringify(role.slice(0, 100))}`, {
    hint: `Your roles: ${roles.join(', ')}. An administrator gives others.`,
    details: { roles },
    nextTools: ['catalog_status'],
  })
}
