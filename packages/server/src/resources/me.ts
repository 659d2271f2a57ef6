import { QuiltError } from '@quilt-mcp/core'
import type { ResourceDefinition } from '../mcp/define-resource.js'
import type { ToolContext } from '../mcp/define-tool.js'

export const me: ResourceDefinition = {
  uri: 'quilt-platform://me',
  name: 'me',
  title: 'Me',
  description: 'The signed-in user, active role, other roles, catalog and region.',
  mimeType: 'application/json',
  read: async (ctx) => JSON.stringify(await facts(ctx), null, 1),
}

async function facts(ctx: ToolContext): Promise<Readonly<Record<string, unknown>>> {
  try {
    const { backend, user, role, roles, catalogUrl, registryUrl, region, objectAccess } = await ctx.backend.identity({
      signal: ctx.signal,
    })
    return {
      backend,
      user,
      role,
      roles,
      catalog: catalogUrl,
      registry: registryUrl,
      region,
      object_access: objectAccess,
    }
  } catch (error) {
    if (!(error instanceof QuiltError) || error.code !== 'unauthenticated') throw error
    return { backend: ctx.backend.name, user: null, problem: error.message, fix: error.hint }
  }
}
