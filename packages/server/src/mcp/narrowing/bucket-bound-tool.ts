// A tool as a request sees it that is narrowed to buckets: it needs no `bucket` when there is but one, and takes no other.
import { z } from 'zod'
import { outsideRequest } from '../../auth/rights.js'
import type { AnyTool } from '../define-tool.js'
import { bucketsNamed } from './named-buckets.js'

/** Binds a tool to buckets. Its `run` then refuses, before it asks anybody, arguments that name another.
 * What it costs is done once: schemas of arguments are compiled at their first use. */
export function bucketBinder(tool: AnyTool): (buckets: ReadonlySet<string>) => AnyTool {
  const bound = { ...tool, input: withoutBucket(tool.input) }
  return (buckets) => {
    const [only, ...others] = buckets
    const fixed = others.length === 0 ? only : undefined
    return {
      ...(fixed === undefined ? tool : bound),
      async run(context, input) {
        for (const [bucket, argument] of bucketsNamed(input)) {
          if (!buckets.has(bucket)) throw outsideRequest({ bucket, buckets: [...buckets], argument })
        }
        const isMissing = fixed !== undefined && 'bucket' in tool.input.shape && input.bucket === undefined
        return tool.run(context, isMissing ? { ...input, bucket: fixed } : input)
      },
    }
  }
}

/** The arguments of a tool whose bucket is fixed: the same schema, whichever bucket it is. */
function withoutBucket(input: z.ZodObject): z.ZodObject {
  const { bucket } = input.shape
  if (bucket === undefined) return input
  return input.extend({ bucket: z.optional(bucket).describe('fixed by this connection: leave it out') })
}
