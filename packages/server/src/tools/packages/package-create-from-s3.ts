import { createHash } from 'node:crypto'
import type { Progress } from '@quilt-mcp/backends'
import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { bucketPlace } from '../bucket-argument.js'
import { type FilePlan, planFiles } from './from-s3/file-plan.js'
import { type KeptProgress, keptProgress, whileKept } from './from-s3/kept-progress.js'
import { checkTemplate } from './from-s3/metadata-templates.js'
import { pathRule } from './from-s3/package-paths.js'
import { planPush } from './from-s3/push-plan.js'
import { fromS3Output, fromS3Result } from './from-s3/result.js'
import { temporaryFiles } from './from-s3/spilled-sort.js'
import { metadataArgument, metadataField } from './metadata.js'
import { findLatest } from './open-revision.js'
import { type PackageTarget, packageArgument, packageFields } from './package-argument.js'
import { exists, notAName } from './package-create.js'

const mostFiles = 1_000_000

const input = z.strictObject({
  package: packageFields.package,
  bucket: z.string().optional().describe("default: the source's"),
  source: z.string().describe('s3://bucket/folder/'),
  message: z.string().min(1),
  include: z.array(z.string()).optional().describe('globs below source: **/*.csv'),
  exclude: z.array(z.string()).optional(),
  keys: z.enum(['keep', 'flatten']).default('keep'),
  strip: z.string().optional().describe('folder taken off paths'),
  organize: z
    .union([z.literal('kind'), z.array(z.strictObject({ match: z.string(), to: z.string() }))])
    .optional()
    .describe('kind: data/, docs/, images/, notebooks/, code/, other/; or rules, first match wins'),
  copy: z.enum(['none', 'new', 'all']).default('none').describe("into the package's bucket; new: from other buckets"),
  readme: z.boolean().default(false).describe('add a README.md'),
  summarize: z.boolean().default(false).describe('add a quilt_summarize.json'),
  template: z.string().optional().describe('metadata: standard, genomics, imaging, ml, analytics'),
  metadata: metadataField(),
  workflow: z.string().nullable().optional().describe('id; null: none'),
  min_size: z.int().min(0).optional(),
  max_size: z.int().min(0).optional(),
  max_files: z.int().min(1).default(mostFiles),
  max_bytes: z.int().min(1).optional(),
  dry_run: z.boolean().default(false),
  overwrite: z.boolean().default(false),
  confirm: z.string().optional(),
})

type Input = z.output<typeof input>

export const packageCreateFromS3 = defineTool({
  name: 'package_create_from_s3',
  title: 'Create a package from a prefix',
  toolset: 'packages',
  access: 'destructive',
  needs: ['packages', 'objects'],
  description:
    'Creates a package of all objects below an S3 prefix, even millions. dry_run shows layout, what is skipped and the cost; the same call without it does just that. A call that broke off goes on when repeated. For single files: package_create.',
  input,
  output: fromS3Output,
  examples: [
    {
      package: 'study/raw',
      source: 's3://lab-a/raw/',
      message: 'Raw files',
      exclude: ['**/*.tmp'],
      organize: 'kind',
      readme: true,
      summarize: true,
      template: 'standard',
      dry_run: true,
    },
  ],
  async run(ctx, given) {
    const source = sourceOf(given.source)
    const target = packageArgument({ package: given.package, bucket: given.bucket ?? bucketOf(given.package, source) })
    if (target.revision !== undefined || target.path !== undefined) throw notAName(target)
    const userMeta = metadataArgument(given.metadata)
    if (given.template !== undefined) checkTemplate(given.template)
    const identity = await ctx.backend.identity({ signal: ctx.signal })
    const latest = await findLatest(ctx, target)
    if (latest !== undefined && !given.overwrite) throw exists(latest)
    const kept = keptOf(ctx, given, { source, target })
    const files = temporaryFiles()
    try {
      const plan = await planFiles(ctx, { ...planOptions(given), source, files, kept })
      const { push, report } = await planPush(ctx, {
        arguments: given,
        source,
        target,
        identity,
        latest,
        plan,
        userMeta,
      })
      const options = { signal: ctx.signal, onProgress: progressAfter(ctx, plan.listed.keys) }
      if (given.dry_run) {
        const check = await ctx.backend.packages.check(push, options)
        return { structure: fromS3Result(ctx, { ...report, check }) }
      }
      if (latest !== undefined) {
        const { counts } = report
        await ctx.confirm({
          message: `Replace all ${counts.kept + counts.removed} entries of ${target.name} in ${target.bucket} (latest ${latest.topHash.slice(0, 10)}) by ${push.entries.count} of ${report.source}: ${counts.kept} paths stay, ${counts.removed} go. Older revisions stay readable.`,
          subject: {
            bucket: target.bucket,
            package: target.name,
            replaces: latest.topHash,
            plan: await digestOf(plan, given),
          },
          token: given.confirm,
        })
      }
      const made = await whileKept(kept, plan, (onCompleted) =>
        ctx.backend.packages.push({ ...push, onCompleted }, options),
      )
      return { structure: fromS3Result(ctx, { ...report, made }) }
    } finally {
      await files.remove()
    }
  },
})

interface Source {
  readonly bucket: string
  /** Ends in `/`; empty for the whole bucket. */
  readonly prefix: string
}

/** A source is a folder, whether it is written with its slash or without. */
function sourceOf(text: string): Source {
  const { bucket, prefix = '' } = bucketPlace(text)
  return { bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` }
}

/** The bucket of a package that is named by `namespace/name` alone. */
const bucketOf = (name: string, { bucket }: Source): string | undefined => (name.includes(':') ? undefined : bucket)

const planOptions = (given: Input) => ({
  selection: { include: given.include, exclude: given.exclude, minSize: given.min_size, maxSize: given.max_size },
  pathOf: pathRule(given),
  mostFiles: given.max_files,
  mostBytes: given.max_bytes,
})

/** What an earlier try of the same call left, where the server keeps such things. */
function keptOf(
  { workFolder }: ToolContext,
  { keys, strip, organize, copy }: Input,
  { source, target }: { readonly source: Source; readonly target: PackageTarget },
): KeptProgress | undefined {
  return workFolder && keptProgress(workFolder, [source, target, keys, strip, organize, copy])
}

/** The client is told growing numbers alone, and those of the listing came first. */
const progressAfter =
  (ctx: ToolContext, before: number) =>
  ({ done, total, message }: Progress): void =>
    ctx.onProgress({ done: before + done, message, ...(total !== undefined && { total: before + total }) })

/** What was planned, for the confirmation to hold for this alone. */
async function digestOf({ files }: FilePlan, { confirm: _, dry_run: __, ...given }: Input): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(given))
  for await (const batch of files())
    for (const { logicalKey, key, size, modified, etag } of batch)
      digest.update(JSON.stringify([logicalKey, key, size, modified, etag]))
  return digest.digest('hex')
}
