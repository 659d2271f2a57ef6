import { z } from 'zod'
import { defineTool } from '../../mcp/define-tool.js'
import { pageInput, pageOf, pageOutput } from '../../mcp/page.js'
import { untrusted, untrustedJson } from '../../mcp/untrusted.js'

export const bucketList = defineTool({
  name: 'bucket_list',
  title: 'List buckets',
  toolset: 'catalog',
  access: 'read',
  needs: ['buckets'],
  description: 'Lists the buckets that the current role may see, with title and description.',
  input: z.strictObject(pageInput({ limit: 50 })),
  output: z.object({
    buckets: z.array(z.object({ name: z.string(), about: untrustedJson().optional() })),
    ...pageOutput,
    next: z.array(z.string()),
  }),
  aliases: ['buckets_list', 'list_buckets'],
  examples: [{}],
  async run(ctx, input) {
    const { items, ...position } = await pageOf({
      ...input,
      budgetChars: ctx.resultChars,
      fetch: (page) => ctx.backend.buckets.list({ ...page, signal: ctx.signal }),
      render: ({ name, title, description, tags }) => {
        const about = {
          ...(title !== undefined && title !== name && { title }),
          ...(description !== undefined && description !== '' && { description }),
          ...(tags !== undefined && tags.length > 0 && { tags: [...tags] }),
        }
        return { name, ...(Object.keys(about).length > 0 && { about: untrusted(about) }) }
      },
    })
    return { structure: { buckets: items, ...position, next: ['package_list', 'bucket_objects_list'] } }
  },
})
