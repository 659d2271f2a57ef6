// Uploads that the client makes by itself: a link for it, and the end of one in parts.
import type { ObjectInfo, ObjectLocation, Uploads, UploadTicket } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import type { ToolContext } from '../../mcp/define-tool.js'
import { contentTypeOf } from '../inline-content.js'
import { conditionsOf, type ReplaceArguments } from './put-replacing.js'

export interface LinkArguments extends ReplaceArguments {
  readonly size?: number | undefined
  readonly content_type?: string | undefined
  readonly upload_id?: string | undefined
}

/** Schema of {@link ticketShown}: which members there are, `how` says. */
export const uploadTicket = () => z.looseObject({ how: z.string(), expires: z.string() })

/** A link by which the client uploads. @throws {QuiltError} `conflict` when something is there that nobody agreed to replace */
export async function beginUpload(
  ctx: ToolContext,
  location: ObjectLocation,
  input: LinkArguments,
): Promise<UploadTicket> {
  const uploads = uploadsOf(ctx)
  const size = sizeOf(input)
  const contentType = input.content_type ?? contentTypeOf(location.key, { isText: false })
  const [condition] = await conditionsOf(ctx, [{ location, size, digest: 'by a link' }], input)
  const { replaced: _, ...must } = condition ?? { replaced: false }
  return uploads.begin(location, { size, contentType, ...must, signal: ctx.signal })
}

/** Ends an upload in parts. */
export async function completeUpload(
  ctx: ToolContext,
  location: ObjectLocation,
  { uploadId, ...input }: LinkArguments & { readonly uploadId: string },
): Promise<ObjectInfo & { readonly replaced: boolean }> {
  const uploads = uploadsOf(ctx)
  const size = sizeOf(input)
  const [condition] = await conditionsOf(ctx, [{ location, size, digest: uploadId }], input)
  const { replaced, ...must } = condition ?? { replaced: false }
  const done = await uploads.complete(location, { uploadId, size }, { ...must, signal: ctx.signal })
  return { ...done, replaced }
}

/** Removes what was sent of an upload in parts. */
export async function abortUpload(ctx: ToolContext, location: ObjectLocation, uploadId: string): Promise<void> {
  await uploadsOf(ctx).abort(location, uploadId, { signal: ctx.signal })
}

/** The link as a client is shown it, with what to do with it. */
export function ticketShown(ticket: UploadTicket): z.input<ReturnType<typeof uploadTicket>> {
  const { expires } = ticket
  if (ticket.kind === 'put') {
    const how = 'PUT the bytes to url with exactly these headers: curl -T FILE -H "NAME: VALUE" URL'
    return { how, url: ticket.url, headers: ticket.headers, expires }
  }
  if (ticket.kind === 'form') {
    const how =
      'POST to url as multipart/form-data: all fields first, the bytes as the last field, file: curl -F NAME=VALUE -F file=@FILE URL'
    return { how, url: ticket.url, fields: ticket.fields, expires }
  }
  const how =
    'PUT each part of part_size bytes (the last is the rest) to its url, then call object_put with upload_id and the same size; with abort: true to give up'
  return { how, upload_id: ticket.uploadId, part_size: ticket.partSize, parts: [...ticket.parts], expires }
}

function uploadsOf({ backend }: Pick<ToolContext, 'backend'>): Uploads {
  if (backend.uploads !== undefined) return backend.uploads
  throw new QuiltError('unsupported', `the ${backend.name} backend makes no links`, {
    hint: 'Pass the content: text, base64 or the path of a local file.',
    nextTools: ['object_put'],
  })
}

function sizeOf({ size }: LinkArguments): number {
  if (size !== undefined) return size
  throw new QuiltError('invalid_input', 'size is missing', { hint: 'Pass the exact size of the file in bytes.' })
}
