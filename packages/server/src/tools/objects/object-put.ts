import type { ObjectInfo } from '@quilt-mcp/backends'
import { type ObjectHash, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { contentField } from '../../mcp/content-field.js'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { actor, actorOf } from '../actor.js'
import { abortUpload, beginUpload, completeUpload, ticketShown, uploadTicket } from './put-link.js'
import { putAll } from './put-many.js'
import { conditionsOf, type ReplaceArguments, whatIsThere } from './put-replacing.js'
import {
  type ContentArguments,
  contentBytes,
  contentDigest,
  destination,
  type PlaceArguments,
  type PutTarget,
  putTarget,
  uriOf,
} from './put-target.js'

const mostItems = 100

const written = () => ({
  uri: z.string().optional(),
  size: z.int().optional(),
  hash: z.string().optional(),
  replaced: z.boolean().optional(),
})

export const objectPut = defineTool({
  name: 'object_put',
  title: 'Upload objects',
  toolset: 'objects',
  access: 'destructive',
  needs: ['objects'],
  description:
    'Writes text, base64 or a local file to an S3 object, or many by items. Refuses to replace an object unless overwrite is true and confirmed. With link: true and size: links for uploading the bytes yourself.',
  input: z.strictObject({
    uri: z.string().optional().describe('s3://bucket/key'),
    bucket: z.string().optional(),
    key: z.string().optional(),
    text: contentField(),
    base64: contentField(),
    local_path: z.string().optional().describe('file'),
    content_type: z.string().optional(),
    items: z
      .array(
        z.strictObject({
          key: z.string(),
          text: contentField(),
          base64: contentField(),
          local_path: z.string().optional(),
          content_type: z.string().optional(),
        }),
      )
      .max(mostItems)
      .optional(),
    dry_run: z.boolean().default(false),
    overwrite: z.boolean().default(false),
    if_match: z.string().optional().describe('ETag to replace'),
    link: z.boolean().default(false),
    size: z.int().min(0).optional().describe('bytes, for links'),
    upload_id: z.string().optional().describe('completes parts'),
    abort: z.boolean().default(false),
    confirm: z.string().optional().describe('token'),
  }),
  output: z.object({
    ...written(),
    items: z.array(z.object(written())).optional(),
    upload: uploadTicket().optional(),
    dry_run: z.boolean().optional(),
    by: actor(),
    next: z.array(z.string()),
  }),
  examples: [
    { bucket: 'lab-a', key: 'raw/example.txt', text: 'hello\n' },
    {
      bucket: 'lab-a',
      items: [
        { key: 'raw/example-1.txt', text: '1' },
        { key: 'raw/example-2.txt', text: '2' },
      ],
    },
  ],
  async run(ctx, input) {
    const by = actorOf(await ctx.backend.identity({ signal: ctx.signal }))
    const { items, upload_id: uploadId } = input
    checkOneWay(input)
    if (items !== undefined) {
      const stored = await putMany(ctx, items, input)
      const next = input.dry_run ? [again] : ['package_create', 'bucket_objects_list']
      return { structure: { items: stored, ...isDry(input), by, next } }
    }
    const location = destination(input)
    if (uploadId !== undefined && input.abort) {
      await abortUpload(ctx, location, uploadId)
      return { structure: { uri: uriOf(location), by, next: ['object_put'] } }
    }
    if (uploadId !== undefined) {
      const { replaced, ...done } = await completeUpload(ctx, location, { ...input, uploadId })
      return { structure: { ...shown(done, replaced), by, next: afterPut } }
    }
    if (input.link) {
      const ticket = await beginUpload(ctx, location, input)
      const next = ticket.kind === 'parts' ? ['object_put'] : ['object_info', 'package_create']
      return { structure: { uri: uriOf(location), upload: ticketShown(ticket), by, next }, maxChars: linkChars }
    }
    const target = await putTarget(ctx, location, input)
    const [stored] = await putTargets(ctx, [target], input)
    return { structure: { ...stored, ...isDry(input), by, next: input.dry_run ? [again] : afterPut } }
  },
})

const again = 'the same call without dry_run'
const isDry = ({ dry_run: dry }: { readonly dry_run: boolean }) => (dry ? { dry_run: true } : {})
const afterPut = ['package_create', 'package_update', 'object_link']
/** Links of sixteen parts, which cannot be cut. */
const linkChars = 60_000

type ItemArguments = ContentArguments & { readonly key: string }
type Input = PlaceArguments & ContentArguments & PutArguments
type PutArguments = ReplaceArguments & { readonly dry_run: boolean }

async function putMany(ctx: ToolContext, items: readonly ItemArguments[], input: Input) {
  const { uri, bucket } = input
  const seen = new Set<string>()
  const targets = await Promise.all(
    items.map(async (item) => {
      const place = /^s3:/i.test(item.key) ? { uri: item.key, bucket } : { key: item.key, bucket: bucket ?? uri }
      const location = destination(place)
      const name = uriOf(location)
      if (seen.has(name)) {
        throw new QuiltError('invalid_input', `${name} is named twice; nothing was written`, {
          hint: 'Name each object once.',
        })
      }
      seen.add(name)
      return putTarget(ctx, location, item)
    }),
  )
  return putTargets(ctx, targets, input)
}

async function putTargets(ctx: ToolContext, targets: readonly PutTarget[], input: PutArguments) {
  const replacements = targets.map(({ location, content }) => ({
    location,
    size: contentBytes(content),
    digest: contentDigest(content),
  }))
  if (input.dry_run) {
    const found = await whatIsThere(ctx, replacements, input)
    return replacements.map(({ location, size }, index) => shown({ ...location, size }, found[index] !== undefined))
  }
  const conditions = await conditionsOf(ctx, replacements, input)
  const items = targets.map((target, index) => ({ ...target, condition: conditions[index] ?? { replaced: false } }))
  const stored = await putAll(ctx, items)
  return stored.map((object, index) => shown(object, conditions[index]?.replaced === true))
}

const shown = (object: ObjectInfo & { readonly hash?: ObjectHash }, replaced: boolean) => ({
  uri: uriOf(object),
  size: object.size,
  ...(object.hash !== undefined && { hash: object.hash.value }),
  replaced,
})

/** One way at a time: a call that means two would do one of them in silence. */
function checkOneWay(input: Input & { readonly [name: string]: unknown }): void {
  const { items, link, upload_id: uploadId, abort, key } = input
  const hasContent = [input.text, input.base64, input.local_path].some((given) => given !== undefined && given !== '')
  const ways = [
    ...(hasContent ? ['content'] : []),
    ...(items !== undefined ? ['items'] : []),
    ...(link === true ? ['link'] : []),
    ...(uploadId !== undefined ? ['upload_id'] : []),
  ]
  if (input.dry_run && (link === true || uploadId !== undefined))
    throw unclear('dry_run is given with link or upload_id', 'Leave one out: these write no object by themselves.')
  if (ways.length > 1) throw unclear(`${ways.join(' and ')} are given`, 'Pass one of them.')
  if (abort === true && uploadId === undefined) throw unclear('abort is given without upload_id', 'Pass upload_id.')
  if (items === undefined) return
  if (key !== undefined) throw unclear('key and items are given', 'Name each key in its item.')
  if (input.if_match !== undefined) throw unclear('if_match is of one object', 'Write that object by itself.')
  if (Array.isArray(items) && items.length === 0) throw unclear('items is empty', 'Name at least one object.')
}

const unclear = (message: string, hint: string): QuiltError => new QuiltError('invalid_input', message, { hint })
