import { createHash } from 'node:crypto'
import type { Revision } from '@quilt-mcp/backends'
import { type Entry, isAsciiPackageName, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { type EntryArgument, entryField, wantedEntries } from './entry-argument.js'
import { checkSources, uploadContents } from './entry-sources.js'
import { type Change, checkDirectories } from './layout.js'
import { metadataArgument, metadataField } from './metadata.js'
import { findLatest } from './open-revision.js'
import { type PackageTarget, packageArgument, packageFields } from './package-argument.js'
import { createProblems } from './problems.js'
import { pushOutput, pushResult } from './push-result.js'

export const packageCreate = defineTool({
  name: 'package_create',
  title: 'Create a package',
  toolset: 'packages',
  access: 'destructive',
  needs: ['packages', 'objects'],
  description:
    'Creates a package from S3 objects, files of other packages and inline content, which is uploaded. Refuses when the package exists (use package_update), unless overwrite is true: then, once confirmed, the entries given become its whole new revision. Checks everything before it writes.',
  input: z.strictObject({
    ...packageFields,
    entries: z.array(entryField()).min(1),
    message: z.string().min(1),
    metadata: metadataField().describe('of the package; JSON text keeps 1.0 and key order exactly'),
    workflow: z.string().nullable().optional().describe('id; null: none; default: the bucket decides'),
    dry_run: z.boolean().default(false).describe('check and plan, write nothing'),
    overwrite: z.boolean().default(false),
    confirm: z.string().optional().describe('token that the first call gave, once the user agreed'),
  }),
  output: pushOutput,
  examples: [
    {
      package: 'study/example',
      bucket: 'lab-a',
      message: 'First version',
      metadata: { assay: 'ATAC' },
      entries: [
        { logical_key: 'README.md', text: '# Example\n' },
        { logical_key: 'raw/notes.txt', uri: 's3://lab-a/raw/notes.txt', metadata: { kind: 'notes' } },
      ],
      dry_run: true,
    },
  ],
  async run(ctx, input) {
    const target = packageArgument(input)
    if (target.revision !== undefined || target.path !== undefined) throw notAName(target)
    const userMeta = metadataArgument(input.metadata)
    const problems = createProblems()
    const wanted = wantedEntries(input.entries, { bucket: target.bucket, allowUnchanged: false, problems })
    const keys = wanted.map(({ logicalKey }) => logicalKey)
    checkDirectories(keys, problems)

    const identity = await ctx.backend.identity({ signal: ctx.signal })
    const latest = await findLatest(ctx, target)
    if (latest !== undefined && !input.overwrite) throw exists(latest)
    const checked = await checkSources(ctx, wanted, { current: new Map<string, Entry>(), identity, problems })
    problems.throwIfAny()

    const replaced = latest === undefined ? [] : await keysOf(ctx, latest)
    const comparison = compareKeys(replaced, keys)
    const report = {
      target,
      identity,
      previous: latest,
      entries: keys.length,
      ...comparison,
      warnings: isAsciiPackageName(target.name)
        ? []
        : ['names with letters beyond ASCII are refused by some Quilt tools'],
    }
    if (input.dry_run) return { structure: pushResult(ctx, report) }
    if (latest !== undefined) {
      await ctx.confirm({
        message: `Replace all ${replaced.length} entries of ${target.name} in ${target.bucket} (latest ${latest.topHash.slice(0, 10)}) by ${keys.length}: ${comparison.kept} paths stay, ${replaced.length - comparison.kept} go. Older revisions stay readable.`,
        subject: { bucket: target.bucket, package: target.name, replaces: latest.topHash, plan: digestOf(input) },
        token: input.confirm,
      })
    }
    const { entries, warnings } = await uploadContents(ctx, checked, target)
    const { revision, notes = [] } = await ctx.backend.packages.push(
      {
        bucket: target.bucket,
        name: target.name,
        entries,
        message: input.message,
        base: latest?.topHash ?? null,
        ...(userMeta !== undefined && { userMeta }),
        ...(input.workflow !== undefined && { workflow: input.workflow }),
      },
      { signal: ctx.signal, onProgress: ctx.onProgress },
    )
    return {
      structure: pushResult(ctx, { ...report, made: revision, warnings: [...report.warnings, ...warnings, ...notes] }),
    }
  },
})

export const notAName = ({ name }: PackageTarget): QuiltError =>
  new QuiltError('invalid_input', `a revision or path of ${name} is named where a new package is wanted`, {
    hint: 'Pass namespace/name and bucket.',
  })

export const exists = ({ bucket, name, topHash }: Revision): QuiltError =>
  new QuiltError('conflict', `${name} exists in ${bucket} already; nothing was written`, {
    hint: 'package_update changes it and keeps what you do not name; overwrite: true replaces it; or choose another name.',
    details: { bucket, package: name, latest: topHash },
    nextTools: ['package_update', 'package_browse'],
  })

async function keysOf(ctx: ToolContext, revision: Revision): Promise<readonly string[]> {
  const reader = await ctx.backend.packages.open(revision, { signal: ctx.signal })
  const keys: string[] = []
  for await (const batch of reader.entries({ signal: ctx.signal, onProgress: ctx.onProgress })) {
    for (const { logicalKey } of batch) keys.push(logicalKey)
  }
  return keys
}

/** By path alone: the content of an S3 object is hashed by the registry, afterwards. */
function compareKeys(
  before: readonly string[],
  after: readonly string[],
): { readonly changes: readonly Change[]; readonly kept: number } {
  const [old, fresh] = [new Set(before), new Set(after)]
  const added = after.filter((path) => !old.has(path)).map((path) => ({ change: 'added' as const, path }))
  const removed = before.filter((path) => !fresh.has(path)).map((path) => ({ change: 'removed' as const, path }))
  return { changes: [...added, ...removed], kept: after.length - added.length }
}

/** What was planned, for the confirmation to hold for this alone. */
function digestOf(plan: {
  readonly entries: readonly EntryArgument[]
  readonly message: string
  readonly metadata?: unknown
  readonly workflow?: string | null | undefined
}): string {
  const { entries, message, metadata, workflow } = plan
  return createHash('sha256').update(JSON.stringify({ entries, message, metadata, workflow })).digest('hex')
}
