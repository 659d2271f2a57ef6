import { z } from 'zod'
import { defineTool } from '../../mcp/define-tool.js'
import { maxResourceUnits } from '../../resources/size.js'

export const getResource = defineTool({
  name: 'get_resource',
  title: 'Read a resource',
  toolset: 'resources',
  access: 'read',
  needs: [],
  description:
    'Reads quilt-platform://me, ://buckets, ://search_syntax, ://athena, or ://buckets/{bucket}/workflows[/{id}] (what packages must fulfil).',
  input: z.strictObject({ uri: z.string() }),
  output: z.object({ uri: z.string(), text: z.string() }),
  examples: [
    { uri: 'quilt-platform://me' },
    { uri: 'search_syntax' },
    { uri: 'quilt-platform://buckets/lab-a/workflows' },
  ],
  async run(ctx, input) {
    const name = input.uri.trim()
    const uri = /^[a-z_]+(\/|$)/.test(name) ? `quilt-platform://${name}` : name
    // As a whole, also where results are kept short: a resource is short by itself, and its fences must stay.
    return { structure: { uri, text: await ctx.readResource(uri) }, maxChars: 3 * maxResourceUnits }
  },
})
