import { createHash } from 'node:crypto'
import type { CopyMode, PackageReader, PushPlan, Revision } from '@quilt-mcp/backends'
import { isAsciiPackageName, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { findAdditions, uploadsOf } from './additions.js'
import { directoryWatch, withoutClashes } from './clashes.js'
import { changedDirectories, directoriesArgument, directoriesField, filledDirectories } from './directory-metadata.js'
import { entryField, wantedEntries } from './entry-argument.js'
import { metadataArgument, metadataField } from './metadata.js'
import { findLatest } from './open-revision.js'
import { type PackageTarget, packageArgument, packageFields } from './package-argument.js'
import { createProblems } from './problems.js'
import { pushOutput, pushResult } from './push-result.js'
import { madeReplacement, plannedReplacement, type Replacement } from './replacement.js'

export const packageCreate = defineTool({
  name: 'package_create',
  title: 'Create a package',
  toolset: 'packages',
  access: 'destructive',
  needs: ['packages', 'objects'],
  description:
    'Creates a package from S3 objects, files of other packages, inline content and files of this machine (uploaded). Refuses when the package exists (use package_update), unless overwrite is true: then, once confirmed, the entries given replace all.',
  input: z.strictObject({
    ...packageFields,
    entries: z.array(entryField()).min(1),
    message: z.string().min(1),
    metadata: metadataField().describe('JSON text keeps 1.0 and key order'),
    directories: directoriesField(),
    keys: z.enum(['keep', 'flatten']).default('keep').describe('without logical_key: whole source path, or file name'),
    strip: z.string().optional().describe('prefix taken off kept paths'),
    copy: z.enum(['none', 'new', 'all']).optional().describe('objects to copy; default none (local registry: all)'),
    workflow: z.string().nullable().optional().describe('id; null: none; default: the bucket decides'),
    dry_run: z.boolean().default(false).describe('write nothing'),
    overwrite: z.boolean().default(false),
    confirm: z.string().optional().describe('token of the first call'),
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
    {
      package: 'study/collected',
      bucket: 'lab-a',
      message: 'Put together',
      keys: 'flatten',
      directories: { 'cells/': { well: 'A1' } },
      entries: [
        { uri: 's3://lab-a/raw/notes.txt' },
        { logical_key: 'cells/', uri: 'quilt+s3://lab-a#package=study/cells&path=data/' },
      ],
      dry_run: true,
    },
  ],
  async run(ctx, input) {
    const { signal, onProgress } = ctx
    const call = { signal, onProgress }
    const target = packageArgument(input)
    if (target.revision !== undefined || target.path !== undefined) throw notAName(target)
    const userMeta = metadataArgument(input.metadata)
    const problems = createProblems()
    const metas = directoriesArgument(input.directories, problems)
    const wanted = wantedEntries(input.entries, { bucket: target.bucket, allowUnchanged: false, problems })

    const identity = await ctx.backend.identity({ signal })
    const latest = await findLatest(ctx, target)
    if (latest !== undefined && !input.overwrite) throw exists(latest)
    const isLocal = identity.objectAccess === 'files'
    const copy: CopyMode = input.copy ?? (isLocal ? 'all' : 'none')
    const { keys, strip, message, workflow } = input
    const filesStay = isLocal && copy === 'none'
    const found = await findAdditions(ctx, wanted, { keys, strip, filesStay, problems })
    const additions = withoutClashes(found.additions, problems)
    const watch = directoryWatch(problems)
    const directories = filledDirectories(changedDirectories([], metas))
    for (const { logicalKey } of additions) {
      watch(logicalKey)
      directories.file(logicalKey)
    }
    for (const path of directories.empty())
      problems.add(path, 'holds no file: only a directory with files has metadata')
    const plan: PushPlan = {
      bucket: target.bucket,
      name: target.name,
      entries: additions.flatMap((addition) => addition.entry(undefined) ?? []),
      directories: directories.filled(),
      message,
      base: latest?.topHash ?? null,
      copy,
      ...(userMeta !== undefined && { userMeta }),
      ...(workflow !== undefined && { workflow }),
    }
    if (problems.found && additions.length > 0)
      await problems.collectNamed(() => ctx.backend.packages.check(plan, call))
    problems.throwIfAny()

    const before = latest && (await ctx.backend.packages.open(latest, { signal }))
    const replacement = await plannedReplacement(before, additions, call)
    const report = {
      target,
      identity,
      previous: latest,
      entries: additions.length,
      ...replacement,
      uploads: uploadsOf(additions),
      warnings: [...found.warnings, ...namedBeyondAscii(target)],
    }
    if (input.dry_run || latest !== undefined) {
      const check = await ctx.backend.packages.check(plan, call)
      if (input.dry_run) return { structure: pushResult(ctx, { ...report, check }) }
    }
    if (latest !== undefined) {
      await ctx.confirm({
        message: questionOf(latest, replacement, additions.length),
        subject: { bucket: target.bucket, package: target.name, replaces: latest.topHash, plan: digestOf(input) },
        token: input.confirm,
      })
    }
    const { revision, notes = [] } = await ctx.backend.packages.push(plan, call)
    const made = before === undefined ? replacement : await madeInstead(ctx, before, revision)
    return {
      structure: pushResult(ctx, { ...report, ...made, made: revision, warnings: [...report.warnings, ...notes] }),
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

/** What is to be known of a name that is allowed and not liked. */
export const namedBeyondAscii = ({ name }: Pick<PackageTarget, 'name'>): readonly string[] =>
  isAsciiPackageName(name) ? [] : ['names with letters beyond ASCII are refused by some Quilt tools']

function questionOf({ name, bucket, topHash }: Revision, { before, counts }: Replacement, entries: number): string {
  const { removed = 0 } = counts
  return `Replace all ${before} entries of ${name} in ${bucket} (latest ${topHash.slice(0, 10)}) by ${entries}: ${before - removed} paths stay, ${removed} go. Older revisions stay readable.`
}

/** Compared once more when all content is known. */
async function madeInstead(ctx: ToolContext, before: PackageReader, made: Revision): Promise<Replacement> {
  const { signal } = ctx
  return madeReplacement(before, await ctx.backend.packages.open(made, { signal }), { signal })
}

/** What was planned, for the confirmation to hold for this alone. */
function digestOf(input: Readonly<Record<string, unknown>>): string {
  const { confirm: _, dry_run: __, ...plan } = input
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex')
}
