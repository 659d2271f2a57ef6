// Writes objects, several at a time. Each succeeds or fails by itself; what was written stays, and is named.
import type { WrittenObject } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import type { ToolContext } from '../../mcp/define-tool.js'
import { asQuiltError } from '../../mcp/error.js'
import { concurrently } from '../packages/concurrently.js'
import type { Condition } from './put-replacing.js'
import { contentBytes, type PutTarget, uriOf } from './put-target.js'

const objectsAtOnce = 8

/** One object to be written, under its condition. */
export interface PutItem extends PutTarget {
  readonly condition: Condition
}

/** @throws {QuiltError} of the one object; of several `partial`, with what was written and what was not */
export async function putAll(ctx: ToolContext, items: readonly PutItem[]): Promise<readonly WrittenObject[]> {
  const total = items.reduce((sum, { content }) => sum + contentBytes(content), 0)
  const sent = new Array<number>(items.length).fill(0)
  const outcomes = await concurrently(
    items.map((item, index) => ({ item, index })),
    objectsAtOnce,
    async ({ item, index }): Promise<WrittenObject | QuiltError> => {
      const { location, content, contentType, condition } = item
      const { replaced: _, ...must } = condition
      try {
        ctx.signal.throwIfAborted()
        return await ctx.backend.objects.put(location, content, {
          contentType,
          ...must,
          signal: ctx.signal,
          onProgress({ done }) {
            sent[index] = done
            ctx.onProgress({ done: sent.reduce((sum, bytes) => sum + bytes, 0), total, message: 'Uploading' })
          },
        })
      } catch (error) {
        return explained(item, asQuiltError(error, ctx.signal))
      }
    },
  )
  const written = outcomes.flatMap((outcome) => (outcome instanceof QuiltError ? [] : [outcome]))
  const failures = outcomes.flatMap((outcome, index) =>
    outcome instanceof QuiltError ? [{ item: items[index], error: outcome }] : [],
  )
  const [first] = failures
  if (first === undefined) return written
  if (items.length === 1) throw first.error
  const codes = new Set(failures.map(({ error }) => error.code))
  const [code = 'partial', ...others] = codes
  throw new QuiltError(
    written.length > 0 || others.length > 0 ? 'partial' : code,
    `${written.length} of ${items.length} objects were written, ${failures.length} were not`,
    {
      hint: 'Call again with those that failed, each corrected as its message says; what was written stays.',
      details: {
        written: written.map((object) => ({ uri: uriOf(object), size: object.size })),
        failed: failures.map(({ item, error }) => ({
          key: item?.location.key,
          code: error.code,
          message: error.message,
        })),
      },
      nextTools: ['object_put'],
      cause: first.error,
    },
  )
}

function explained({ location: { bucket, key }, condition }: PutItem, error: QuiltError): QuiltError {
  if (error.code !== 'conflict' || condition.ifAbsent !== true) return error
  if (error.retryable) return error
  return new QuiltError('conflict', `s3://${bucket}/${key} exists already; nothing was written`, {
    hint: 'Choose another key, or pass overwrite: true to replace it.',
    details: { bucket, key },
    nextTools: ['object_info', 'object_put'],
    cause: error,
  })
}
