import { z } from 'zod'
import { defineTool } from '../../mcp/define-tool.js'
import { pageInput, pageOf, pageOutput } from '../../mcp/page.js'
import { bucketArgument } from '../bucket-argument.js'

export const packageList = defineTool({
  name: 'package_list',
  title: 'List packages',
  toolset: 'packages',
  access: 'read',
  needs: ['packages'],
  description: 'Lists the packages of a bucket with the date of their last change.',
  input: z.strictObject({
    bucket: z.string(),
    filter: z.string().optional().describe('part of a name, or a pattern with * and ?'),
    ...pageInput({ limit: 50 }),
  }),
  output: z.object({
    bucket: z.string(),
    packages: z.array(z.object({ name: z.string(), modified: z.string().optional() })),
    ...pageOutput,
    next: z.array(z.string()),
  }),
  aliases: ['packages_list'],
  examples: [{ bucket: 'lab-a' }, { bucket: 's3://lab-a', filter: 'study/*' }],
  async run(ctx, input) {
    const bucket = bucketArgument(input.bucket)
    const { items, ...position } = await pageOf({
      limit: input.limit,
      cursor: input.cursor,
      budgetChars: ctx.resultChars,
      fetch: (page) => ctx.backend.packages.list(bucket, { ...page, filter: input.filter, signal: ctx.signal }),
      render: ({ name, modified }) => ({ name, ...(modified !== undefined && { modified }) }),
    })
    const next = items.length > 0 ? ['package_browse', 'package_revisions'] : ['package_create', 'bucket_objects_list']
    return { structure: { bucket, packages: items, ...position, next } }
  },
})
