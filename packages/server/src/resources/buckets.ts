import type { Bucket } from '@quilt-mcp/backends'
import type { ResourceDefinition } from '../mcp/define-resource.js'
import type { ToolContext } from '../mcp/define-tool.js'
import { fencedLength, fencedText, untrusted } from '../mcp/untrusted.js'
import { maxResourceUnits } from './size.js'

/** Space left for the notice of the fences and for what was left out. */
const mostListUnits = maxResourceUnits - 1_000

export const buckets: ResourceDefinition = {
  uri: 'quilt-platform://buckets',
  name: 'buckets',
  title: 'Buckets',
  description: 'The buckets that the current role may see.',
  mimeType: 'text/plain',
  async read(ctx) {
    const page = await ctx.backend.buckets.list({ limit: 1000, signal: ctx.signal })
    const shown: ReturnType<typeof entry>[] = []
    let units = 0
    for (const bucket of page.items) {
      const one = entry(ctx, bucket)
      units += fencedLength(one) + 1
      if (units > mostListUnits) break
      shown.push(one)
    }
    const isAll = shown.length === page.items.length && page.cursor === undefined
    return fencedText({ buckets: shown, ...(!isAll && { more: 'bucket_list lists the others, page by page.' }) })
  },
}

function entry(ctx: ToolContext, { name, title, description }: Bucket) {
  const url = ctx.links.bucketUrl(name)
  const about = [title === name ? undefined : title, description].filter((text) => text !== undefined && text !== '')
  return {
    name,
    ...(url !== undefined && { url }),
    ...(about.length > 0 && { about: untrusted(about.join(': ').slice(0, 500)) }),
  }
}
