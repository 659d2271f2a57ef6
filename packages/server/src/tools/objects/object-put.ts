import { createHash } from 'node:crypto'
import type { ObjectInfo, ObjectLocation } from '@quilt-mcp/backends'
import { formatPhysicalKey, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { contentField } from '../../mcp/content-field.js'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { actor, actorOf } from '../actor.js'
import { contentTypeOf, inlineContent } from '../inline-content.js'
import { objectArgument } from './object-argument.js'

interface PutArguments {
  readonly uri?: string | undefined
  readonly bucket?: string | undefined
  readonly key?: string | undefined
  readonly text?: string | undefined
  readonly base64?: string | undefined
}

export const objectPut = defineTool({
  name: 'object_put',
  title: 'Upload an object',
  toolset: 'objects',
  access: 'destructive',
  needs: ['objects'],
  description:
    'Writes text or base64 content to an S3 object. Refuses to replace an existing object unless overwrite is true, then asks for confirmation. Files of packages are written by package_create and package_update.',
  input: z.strictObject({
    uri: z.string().optional().describe('s3://bucket/key'),
    bucket: z.string().optional(),
    key: z.string().optional(),
    text: contentField(),
    base64: contentField(),
    content_type: z.string().optional(),
    overwrite: z.boolean().default(false),
    confirm: z.string().optional().describe('token that the first call gave, once the user agreed'),
  }),
  output: z.object({
    uri: z.string(),
    size: z.int(),
    replaced: z.boolean(),
    by: actor(),
    next: z.array(z.string()),
  }),
  examples: [{ bucket: 'lab-a', key: 'raw/example.txt', text: 'hello\n' }],
  async run(ctx, input) {
    const location = destination(input)
    const content = inlineContent(input)
    if (content === undefined)
      throw new QuiltError('invalid_input', 'there is no content', { hint: 'Pass text or base64.' })
    const { bytes, isText } = content
    const identity = await ctx.backend.identity({ signal: ctx.signal })
    const existing = input.overwrite ? await current(ctx, location) : undefined
    if (existing !== undefined) await confirmed(ctx, existing, bytes, input.confirm)
    const put = await write(ctx, location, bytes, {
      contentType: input.content_type ?? contentTypeOf(location.key, { isText }),
      ifAbsent: existing === undefined,
    })
    return {
      structure: {
        uri: uriOf(put),
        size: put.size,
        replaced: existing !== undefined,
        by: actorOf(identity),
        next: ['package_create', 'package_update', 'object_link'],
      },
    }
  },
})

function destination(input: PutArguments): ObjectLocation {
  const target = objectArgument(input)
  if (target.kind === 'entry') {
    throw new QuiltError('invalid_input', 'a package is not changed by writing an object', {
      hint: 'Use package_update with an entry that has text or base64.',
      nextTools: ['package_update'],
    })
  }
  const { key, versionId } = target.location
  if (versionId !== undefined || key.endsWith('/')) {
    throw new QuiltError(
      'invalid_input',
      versionId === undefined ? 'the key ends in "/"' : 'a version cannot be written',
      {
        hint: 'Name the object to write: bucket and key, without versionId and without "/" at the end.',
      },
    )
  }
  return target.location
}

/** The object that is there now, if one is. */
async function current(ctx: ToolContext, location: ObjectLocation): Promise<ObjectInfo | undefined> {
  try {
    return await ctx.backend.objects.info(location, { signal: ctx.signal })
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'not_found') return undefined
    throw error
  }
}

function confirmed(
  ctx: ToolContext,
  existing: ObjectInfo,
  bytes: Uint8Array,
  token: string | undefined,
): Promise<void> {
  const { bucket, key, size, modified, etag, versionId } = existing
  return ctx.confirm({
    message: `Replace s3://${bucket}/${key} (${size} bytes${modified === undefined ? '' : `, of ${modified}`}) by ${bytes.length} bytes.`,
    subject: { bucket, key, etag, versionId, content: createHash('sha256').update(bytes).digest('hex') },
    token,
  })
}

async function write(
  ctx: ToolContext,
  location: ObjectLocation,
  bytes: Uint8Array,
  options: { readonly contentType: string; readonly ifAbsent: boolean },
): Promise<ObjectInfo> {
  try {
    return await ctx.backend.objects.put(location, bytes, { ...options, signal: ctx.signal })
  } catch (cause) {
    if (!(cause instanceof QuiltError) || cause.code !== 'conflict') throw cause
    throw new QuiltError('conflict', `s3://${location.bucket}/${location.key} exists already; nothing was written`, {
      hint: 'Choose another key, or pass overwrite: true to replace it.',
      details: { bucket: location.bucket, key: location.key },
      nextTools: ['object_info', 'object_put'],
      cause,
    })
  }
}

const uriOf = ({ bucket, key, versionId }: ObjectLocation): string =>
  formatPhysicalKey({ kind: 's3', bucket, key, ...(versionId !== undefined && { versionId }) })
