import type { ObjectListItem } from '@quilt-mcp/backends'
import { z } from 'zod'
import { defineTool } from '../../mcp/define-tool.js'
import { pageInput, pageOf, pageOutput } from '../../mcp/page.js'
import { bucketPlace, oneOf } from '../bucket-argument.js'

/** One line of the listing: an object, or a prefix under which there is more. */
type Line = { readonly prefix: string } | ObjectListItem

export const bucketObjectsList = defineTool({
  name: 'bucket_objects_list',
  title: 'List objects',
  toolset: 'objects',
  access: 'read',
  needs: ['objects'],
  description:
    'Lists the current objects of a bucket, one level below a prefix (prefixes ending in / lead further down), or the whole tree when recursive. For the files of a package use package_browse.',
  input: z.strictObject({
    bucket: z.string().describe('name or s3://bucket/prefix/'),
    prefix: z.string().optional(),
    recursive: z.boolean().default(false),
    ...pageInput({ limit: 100 }),
  }),
  output: z.object({
    bucket: z.string(),
    items: z.array(
      z.object({
        prefix: z.string().optional(),
        key: z.string().optional(),
        size: z.int().optional(),
        modified: z.string().optional(),
      }),
    ),
    ...pageOutput,
    next: z.array(z.string()),
  }),
  examples: [{ bucket: 'lab-a' }, { bucket: 's3://lab-a/raw/', recursive: true }],
  async run(ctx, input) {
    const place = bucketPlace(input.bucket)
    const prefix = oneOf('prefix', input.prefix, place.prefix)
    const { items, ...position } = await pageOf<Line, object>({
      limit: input.limit,
      cursor: input.cursor,
      budgetChars: ctx.resultChars,
      fetch: async (page) => {
        const { prefixes, items, ...rest } = await ctx.backend.objects.list(place.bucket, {
          ...page,
          prefix,
          recursive: input.recursive,
          signal: ctx.signal,
        })
        return { ...rest, items: [...prefixes.map((one) => ({ prefix: one })), ...items] }
      },
      render: (line) =>
        'prefix' in line ? { prefix: line.prefix } : { key: line.key, size: line.size, modified: line.modified },
    })
    return {
      structure: {
        bucket: place.bucket,
        items,
        ...position,
        next: items.length > 0 ? ['object_read', 'object_info'] : [],
      },
    }
  },
})
