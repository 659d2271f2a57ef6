import type { PackageReader } from '@quilt-mcp/backends'
import {
  type Entry,
  encodeCanonicalJson,
  headerUserMeta,
  headerWorkflow,
  isJsonObject,
  type Json,
  type JsonObject,
  QuiltError,
} from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { entryField, wantedEntries } from './entry-argument.js'
import { checkSources, uploadContents } from './entry-sources.js'
import { keptDirectories } from './kept-directories.js'
import { layOut } from './layout.js'
import { mergePatch, metadataArgument, metadataField } from './metadata.js'
import { resolveRevision } from './open-revision.js'
import { type PackageTarget, packageArgument, packageFields } from './package-argument.js'
import { createProblems } from './problems.js'
import { pushOutput, pushResult } from './push-result.js'

export const packageUpdate = defineTool({
  name: 'package_update',
  title: 'Change a package',
  toolset: 'packages',
  access: 'write',
  needs: ['packages', 'objects'],
  description:
    'Makes a new revision of a package: removes, renames, adds or replaces files, changes metadata. Everything not named is kept as it is, and older revisions stay readable. Fails with conflict when the package changes meanwhile. An added entry with metadata alone changes the metadata of that file.',
  input: z.strictObject({
    ...packageFields,
    message: z.string().min(1),
    add: z.array(entryField()).default([]),
    remove: z.array(z.string()).default([]).describe('files, or directories ending in /'),
    rename: z.record(z.string(), z.string()).default({}).describe('old path to new path'),
    metadata: metadataField().describe('merged into that of the package: null removes a key'),
    replace_metadata: z.boolean().default(false).describe('replace instead of merge'),
    base: z.string().optional().describe('top hash that latest must have'),
    dry_run: z.boolean().default(false).describe('check and plan, write nothing'),
  }),
  output: pushOutput,
  aliases: ['package_add', 'package_edit'],
  examples: [
    {
      package: 'study/cells',
      bucket: 'lab-a',
      message: 'Add a note',
      add: [{ logical_key: 'notes/today.md', text: 'Counted twice.\n' }],
      rename: { 'README.md': 'docs/README.md' },
      metadata: { reviewed: true },
      dry_run: true,
    },
  ],
  async run(ctx, input) {
    const target = packageArgument(input)
    const patch = metadataArgument(input.metadata)
    const problems = createProblems()
    const wanted = wantedEntries(input.add, { bucket: target.bucket, allowUnchanged: true, problems })

    const identity = await ctx.backend.identity({ signal: ctx.signal })
    const reader = await openBase(ctx, target, input.base)
    const current = await allEntries(ctx, reader)
    const byKey = new Map(current.map((entry) => [entry.logicalKey, entry]))
    const add = wanted.map(({ logicalKey }) => logicalKey)
    const layout = layOut({ current, remove: input.remove, rename: input.rename, add }, problems)
    const checked = await checkSources(ctx, wanted, { current: byKey, identity, problems })
    problems.throwIfAny()

    const before = headerUserMeta(reader.header)
    const userMeta = changedMetadata(before, patch, { replace: input.replace_metadata })
    const report = {
      target,
      identity,
      previous: reader.revision,
      entries: layout.kept.length + add.length,
      kept: layout.kept.length - layout.changes.filter(({ change }) => change === 'renamed').length,
      changes: layout.changes,
      metadataChanged: !sameJson(before, userMeta),
      warnings: [],
    }
    if (report.entries === 0) throw emptied(target)
    if (input.dry_run) return { structure: pushResult(ctx, report) }
    const { entries, warnings } = await uploadContents(ctx, checked, target)
    const all = [...layout.kept, ...entries]
    const keys = all.map(({ logicalKey }) => logicalKey)
    const directories = await keptDirectories(reader, keys, { signal: ctx.signal })
    const { revision, notes = [] } = await ctx.backend.packages.push(
      {
        bucket: target.bucket,
        name: target.name,
        entries: all,
        directories,
        message: input.message,
        base: reader.revision.topHash,
        ...(userMeta !== undefined && { userMeta }),
        ...workflowOf(headerWorkflow(reader.header)),
      },
      { signal: ctx.signal, onProgress: ctx.onProgress },
    )
    return { structure: pushResult(ctx, { ...report, made: revision, warnings: [...warnings, ...notes] }) }
  },
})

/** Opens the latest revision, which must be the one that the call starts from when it names one. */
async function openBase(ctx: ToolContext, target: PackageTarget, base: string | undefined): Promise<PackageReader> {
  const { bucket, name, revision } = target
  const latest = await resolveRevision(ctx, { bucket, name })
  for (const named of [revision, base]) {
    if (named === undefined) continue
    const wanted = await resolveRevision(ctx, { bucket, name, revision: named })
    if (wanted.topHash === latest.topHash) continue
    throw new QuiltError(
      'conflict',
      `latest of ${name} is ${latest.topHash}, not ${wanted.topHash}; nothing was written`,
      {
        hint: 'Compare the two with package_diff, then make the change on the latest revision.',
        details: { bucket, package: name, expected: wanted.topHash, latest: latest.topHash },
        nextTools: ['package_diff', 'package_browse'],
      },
    )
  }
  return ctx.backend.packages.open(latest, { signal: ctx.signal })
}

async function allEntries(ctx: ToolContext, reader: PackageReader): Promise<readonly Entry[]> {
  const batches: (readonly Entry[])[] = []
  for await (const batch of reader.entries({ signal: ctx.signal, onProgress: ctx.onProgress })) batches.push(batch)
  return batches.flat()
}

/** undefined, null and {} stay what they are unless something is given. */
function changedMetadata(
  before: Json | undefined,
  patch: JsonObject | null | undefined,
  { replace }: { readonly replace: boolean },
): Json | undefined {
  if (patch === undefined) return before
  return replace ? patch : mergePatch(before, patch)
}

function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return encodeCanonicalJson(a) === encodeCanonicalJson(b)
}

/** The workflow that the last revision passed is asked for again; no record, no wish (formats.md 8.4). */
function workflowOf(workflow: Json | undefined): { readonly workflow?: string | null } {
  const id = isJsonObject(workflow) ? workflow.get('id') : undefined
  return typeof id === 'string' || id === null ? { workflow: id } : {}
}

const emptied = ({ bucket, name }: PackageTarget): QuiltError =>
  new QuiltError('invalid_input', `nothing would be left of ${name} in ${bucket}; nothing was written`, {
    hint: 'Keep at least one file, or delete the package with package_delete.',
    nextTools: ['package_delete'],
  })
