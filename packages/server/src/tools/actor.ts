// As whom something was changed: every result that changes something names it.
import type { Identity } from '@quilt-mcp/backends'
import { z } from 'zod'

/** Schema of {@link actorOf}. */
export const actor = () =>
  z.object({ user: z.string().optional(), role: z.string().optional(), catalog: z.string().optional() })

/** The user, role and catalog (or registry) of an identity. */
export function actorOf(identity: Identity): z.input<ReturnType<typeof actor>> {
  const catalog = identity.catalogUrl ?? identity.registryUrl
  return {
    ...(identity.user !== undefined && { user: identity.user.name }),
    ...(identity.role !== undefined && { role: identity.role }),
    ...(catalog !== undefined && { catalog }),
  }
}
