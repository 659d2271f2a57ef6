import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { untrusted, untrustedJson } from '../../mcp/untrusted.js'
import { shownMetadata } from '../packages/shown-metadata.js'
import { shownContentType, shownHash } from '../shown-facts.js'
import { type FoundObject, findObject, lookAt } from './find-object.js'
import { objectArgument, objectFields } from './object-argument.js'

export const objectInfo = defineTool({
  name: 'object_info',
  title: 'Describe an object',
  toolset: 'objects',
  access: 'read',
  needs: ['objects'],
  description:
    'Tells size, content type, version, date and metadata of an S3 object, or of a file of a package, then with hash. Reads no content: call it before object_read when the size is not known.',
  input: z.strictObject(objectFields),
  output: z.object({
    uri: z.string(),
    size: z.int(),
    content_type: z.string().optional(),
    modified: z.string().optional(),
    etag: z.string().optional(),
    hash: z.string().optional(),
    metadata: untrustedJson().optional(),
    package: z.string().optional(),
    top_hash: z.string().optional(),
    url: z.string().optional(),
    note: z.string().optional(),
    next: z.array(z.string()),
  }),
  examples: [
    { uri: 's3://lab-a/raw/notes.txt' },
    { uri: 'quilt+s3://lab-a#package=study/cells&path=data%2Fcells.csv' },
    { bucket: 'lab-a', key: 'raw/notes.txt' },
  ],
  async run(ctx, input) {
    const found = await findObject(ctx, objectArgument(input))
    const info = await lookAt(ctx, found)
    const url = urlOf(ctx, found)
    const contentType = shownContentType(info?.contentType)
    return {
      structure: {
        uri: found.uri,
        size: found.size,
        ...(contentType !== undefined && { content_type: contentType }),
        ...(info?.modified !== undefined && { modified: info.modified }),
        ...(info?.etag !== undefined && { etag: info.etag }),
        ...metadataOf(ctx, found, info?.metadata),
        ...(url !== undefined && { url }),
        ...(info === undefined && { note: 'From the manifest alone: the object itself was not looked at.' }),
        next: ['object_read', 'object_link'],
      },
    }
  },
})

/** A file of a package has the manifest's hash and metadata; an object those that S3 keeps. */
function metadataOf(
  ctx: ToolContext,
  { entry: found }: FoundObject,
  s3Metadata: Readonly<Record<string, string>> | undefined,
) {
  if (found === undefined) {
    return s3Metadata !== undefined && Object.keys(s3Metadata).length > 0 ? { metadata: untrusted(s3Metadata) } : {}
  }
  const { entry, revision } = found
  const hash = shownHash(entry.hash)
  return {
    package: `${revision.bucket}/${revision.name}`,
    top_hash: revision.topHash,
    ...(hash !== undefined && { hash }),
    ...(entry.meta.size > 0 && { metadata: shownMetadata(entry.meta, ctx) }),
  }
}

function urlOf(ctx: ToolContext, { location, entry }: FoundObject): string | undefined {
  if (entry !== undefined) {
    const { bucket, name, topHash } = entry.revision
    return ctx.links.packageUrl({ bucket, name, topHash, path: entry.entry.logicalKey })
  }
  if (location === undefined) return undefined
  const { bucket, key, versionId } = location
  return ctx.links.objectUrl({ bucket, key, ...(versionId !== undefined && { versionId }) })
}
