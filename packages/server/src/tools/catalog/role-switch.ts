import type { Backend, Roles } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool } from '../../mcp/define-tool.js'
import { actor, actorOf } from '../actor.js'

export const roleSwitch = defineTool({
  name: 'role_switch',
  title: 'Switch role',
  toolset: 'catalog',
  access: 'write',
  needs: ['roles'],
  description:
    'Makes another of your roles the active one, everywhere you are signed in, the web catalog too: what you may see and change follows it. catalog_status names your roles.',
  input: z.strictObject({ role: z.string() }),
  output: z.object({
    before: z.string(),
    role: z.string(),
    changed: z.boolean(),
    other_roles: z.array(z.string()),
    by: actor(),
    next: z.array(z.string()),
  }),
  aliases: ['switch_role'],
  examples: [{ role: 'role-of-ada' }],
  async run(ctx, input) {
    // Asked before: what fails afterwards would look as if nothing had been switched.
    const identity = await ctx.backend.identity({ signal: ctx.signal })
    const wanted = meant(input.role, identity.roles ?? [])
    const { before, role, roles } = await rolesOf(ctx.backend).switch(wanted, { signal: ctx.signal })
    return {
      structure: {
        before,
        role,
        changed: role !== before,
        other_roles: roles.filter((one) => one !== role),
        by: actorOf({ ...identity, role }),
        next: ['catalog_status', 'bucket_list'],
      },
    }
  },
})

/** The role of this name; of several spellings the one that can be meant. */
function meant(name: string, roles: readonly string[]): string {
  if (roles.includes(name)) return name
  const alike = roles.filter((role) => role.toLowerCase() === name.trim().toLowerCase())
  return alike.length === 1 ? (alike[0] ?? name) : name
}

function rolesOf({ roles, name }: Backend): Roles {
  if (roles !== undefined) return roles
  throw new QuiltError('unsupported', `the ${name} backend has no roles to switch`, {
    hint: 'Sign in at a catalog: set QUILT_CATALOG_URL and QUILT_API_KEY.',
    nextTools: ['catalog_status'],
  })
}
