import { formatPhysicalKey, formatQuiltUri, isTopHash, parseReference, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { bucketArgument, oneOf } from '../bucket-argument.js'
import { packageTarget } from '../packages/package-argument.js'

interface LinkArguments {
  readonly target?: string | undefined
  readonly bucket?: string | undefined
  readonly key?: string | undefined
  readonly version_id?: string | undefined
  readonly revision?: string | undefined
  readonly path?: string | undefined
}

interface Links {
  readonly kind: 'bucket' | 'object' | 'package'
  readonly uri: string
  readonly url?: string
}

export const catalogLink = defineTool({
  name: 'catalog_link',
  title: 'Make a catalog link',
  toolset: 'catalog',
  access: 'read',
  needs: [],
  description:
    'Makes the web catalog URL and the quilt+s3:// or s3:// URI of a bucket, object, package, revision or path. Checks the form only, not whether it exists.',
  input: z.strictObject({
    target: z.string().optional().describe('namespace/name, any Quilt or s3:// URI, or catalog URL'),
    bucket: z.string().optional(),
    key: z.string().optional(),
    version_id: z.string().optional(),
    revision: z.string().optional().describe('top hash of the package'),
    path: z.string().optional().describe('path in the package'),
  }),
  output: z.object({
    kind: z.string(),
    uri: z.string(),
    url: z.string().optional(),
    note: z.string().optional(),
  }),
  aliases: ['catalog_url', 'catalog_uri'],
  examples: [
    { target: 'study/cells', bucket: 'lab-a', path: 'data/cells.csv' },
    { target: 's3://lab-a/raw/notes.txt' },
    { bucket: 'lab-a' },
  ],
  async run(ctx, input) {
    const { kind, uri, url } = linksOf(ctx, input)
    return {
      structure: {
        kind,
        uri,
        ...(url === undefined ? { note: 'No web catalog is known here: there is no URL.' } : { url }),
      },
    }
  },
})

function linksOf(ctx: ToolContext, input: LinkArguments): Links {
  const target = input.target?.trim()
  const isName = target !== undefined && !/[:/]/.test(target)
  const reference = target === undefined || isName ? undefined : parseReference(target)
  if (reference?.kind === 'package') {
    refuse(input, ['key', 'version_id'], 'a package')
    const { bucket, name, revision, path } = packageTarget(reference, input)
    const isDirectory = /\/$/.test(input.path ?? reference.path ?? '')
    const place = path === undefined ? undefined : `${path}${isDirectory ? '/' : ''}`
    const spec =
      revision === undefined || revision === 'latest'
        ? {}
        : isHash(revision)
          ? { topHash: revision }
          : { tag: revision }
    return {
      kind: 'package',
      uri: formatQuiltUri({ bucket, name, ...spec, path: place }),
      ...urlOf(
        ctx.links.packageUrl({
          bucket,
          name,
          ...(revision !== undefined && { topHash: revision }),
          ...(place !== undefined && { path: place }),
        }),
      ),
    }
  }
  refuse(input, ['revision', 'path'], 'a bucket or object')
  const named = isName ? bucketArgument(target) : reference?.bucket
  const bucket = oneOf('bucket', input.bucket === undefined ? undefined : bucketArgument(input.bucket), named)
  if (bucket === undefined) {
    throw new QuiltError('invalid_input', 'nothing is named to link to', { hint: 'Pass target, or bucket and key.' })
  }
  const object = reference?.kind === 'object' ? reference : undefined
  const key = oneOf('key', input.key, object?.key)
  if (key === undefined) return { kind: 'bucket', uri: `s3://${bucket}`, ...urlOf(ctx.links.bucketUrl(bucket)) }
  const versionId = oneOf('version_id', input.version_id, object?.versionId)
  const location = { bucket, key, ...(versionId !== undefined && { versionId }) }
  return {
    kind: 'object',
    uri: formatPhysicalKey({ kind: 's3', ...location }),
    ...urlOf(ctx.links.objectUrl(location)),
  }
}

const urlOf = (url: string | undefined) => (url === undefined ? {} : { url })

/** A text of 10 digits is a pointer's name, not the start of a hash. */
const isHash = (revision: string): boolean =>
  isTopHash(revision) || (/^[0-9a-f]+$/.test(revision) && !/^\d{10}$/.test(revision))

function refuse(input: LinkArguments, names: readonly (keyof LinkArguments)[], what: string): void {
  const wrong = names.filter((name) => input[name] !== undefined)
  if (wrong.length === 0) return
  throw new QuiltError(
    'invalid_input',
    `${wrong.join(' and ')} ${wrong.length > 1 ? 'do' : 'does'} not go with ${what}`,
    {
      hint: 'For a package pass target and, if wanted, revision and path; for an object bucket and key.',
    },
  )
}
