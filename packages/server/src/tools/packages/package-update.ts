import { setTimeout as pause } from 'node:timers/promises'
import type { PackageReader, PushCheck, PushResult } from '@quilt-mcp/backends'
import { headerMessage, headerUserMeta, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { findAdditions, uploadsOf } from './additions.js'
import { changeRules } from './change-rules.js'
import { surveyChange } from './change-survey.js'
import { changedEntries } from './changed-entries.js'
import { withoutClashes } from './clashes.js'
import { changedDirectories, directoriesArgument, directoriesField } from './directory-metadata.js'
import { entryField, wantedEntries } from './entry-argument.js'
import { metadataArgument, metadataField } from './metadata.js'
import { explainMissing } from './missing-paths.js'
import { openRevision, resolveRevision } from './open-revision.js'
import { type PackageTarget, packageArgument, packageFields } from './package-argument.js'
import { createProblems } from './problems.js'
import { pushOutput, pushResult } from './push-result.js'
import { isSame } from './three-way.js'
import { changedMetadata, planOn, type SurveyedChange } from './update-plan.js'

export const packageUpdate = defineTool({
  name: 'package_update',
  title: 'Change a package',
  toolset: 'packages',
  access: 'write',
  needs: ['packages', 'objects'],
  description:
    'Makes a new revision of a package: removes, renames, adds or replaces files, changes metadata or message. Everything not named stays as it is. Fails with conflict when the package changes meanwhile. An added entry of metadata alone changes the metadata.',
  input: z.strictObject({
    ...packageFields,
    message: z.string().min(1),
    add: z.array(entryField()).default([]),
    remove: z.array(z.string()).default([]).describe('files, directories ending in /, globs like **/*.tmp'),
    rename: z.record(z.string(), z.string()).default({}).describe('old path to new path; directories end in /'),
    metadata: metadataField().describe('merged into that of the package: null removes a key'),
    replace_metadata: z.boolean().default(false).describe('not merged'),
    directories: directoriesField(),
    workflow: z.string().nullable().optional().describe('default: that of the last revision'),
    base: z.string().optional().describe('top hash that the change is for; default latest'),
    rebase: z.boolean().default(false).describe('merge if latest is not base'),
    dry_run: z.boolean().default(false).describe('write nothing'),
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
    {
      package: 'study/cells',
      bucket: 'lab-a',
      message: 'Without pictures',
      remove: ['**/*.png'],
      rebase: true,
      dry_run: true,
    },
  ],
  async run(ctx, input) {
    const { signal, onProgress } = ctx
    const call = { signal, onProgress }
    const target = packageArgument(input)
    const patch = metadataArgument(input.metadata)
    const problems = createProblems()
    const metas = directoriesArgument(input.directories, problems)
    const wanted = wantedEntries(input.add, { bucket: target.bucket, allowUnchanged: true, problems })
    const rules = changeRules(input, problems)

    const identity = await ctx.backend.identity({ signal })
    const { base, latest } = await openBase(ctx, target, input)
    const found = await findAdditions(ctx, wanted, { keys: 'keep', filesStay: false, problems })
    const additions = withoutClashes(found.additions, problems)
    const changed = await changedEntries({ base, rules, additions }, call)
    const baseDirectories = (await base.directories?.(call)) ?? []
    const directories = changedDirectories(rules.movedDirectories(baseDirectories), metas)
    const survey = await surveyChange(changed, { directories, problems }, call)
    await explainMissing(base, rules.unused(), problems, { signal })
    for (const [path, meta] of metas)
      if (meta !== null && !survey.directories.some(({ logicalKey }) => logicalKey === path))
        problems.add(path, 'holds no file: only a directory with files has metadata')

    const before = headerUserMeta(base.header)
    const userMeta = changedMetadata(before, patch, { replace: input.replace_metadata })
    const { message, workflow } = input
    const change: SurveyedChange = { target, base, baseDirectories, survey, userMeta, message, workflow }
    if (problems.found && survey.entries.count > 0)
      await problems.collectNamed(async () => ctx.backend.packages.check(await planOn(base, change, call), call))
    problems.throwIfAny()

    const report = {
      target,
      identity,
      previous: latest.revision,
      entries: survey.entries.count,
      kept: survey.kept,
      counts: survey.counts,
      changes: survey.changes,
      metadataChanged: !isSame(before, userMeta),
      uploads: uploadsOf(additions),
      warnings: found.warnings,
    }
    const isNothing =
      survey.changes.length === 0 && !report.metadataChanged && metas.size === 0 && workflow === undefined
    if (isNothing && latest === base && headerMessage(base.header) === message) {
      const warnings = ['nothing is different, the message neither: no new revision was made']
      return { structure: pushResult(ctx, { ...report, made: base.revision, warnings }) }
    }
    if (input.dry_run) {
      const plan = await planOn(latest, change, call)
      const check: PushCheck = await ctx.backend.packages.check(plan, call)
      const entries = 'count' in plan.entries ? plan.entries.count : plan.entries.length
      return { structure: pushResult(ctx, { ...report, entries, check }) }
    }
    const { pushed, onto, entries } = await pushChange(ctx, change, { latest, rebase: input.rebase })
    const rebased = onto.topHash === base.revision.topHash ? [] : [mergedWith(base, onto.topHash)]
    const warnings = [...report.warnings, ...rebased, ...(pushed.notes ?? [])]
    return { structure: pushResult(ctx, { ...report, entries, previous: onto, made: pushed.revision, warnings }) }
  },
})

interface BaseArguments {
  readonly base?: string | undefined
  readonly rebase: boolean
}

/** Opens the revision that the change is for, and the latest: the same, unless the change is to be rebased. */
async function openBase(
  ctx: ToolContext,
  target: PackageTarget,
  { base, rebase }: BaseArguments,
): Promise<{ readonly base: PackageReader; readonly latest: PackageReader }> {
  const { bucket, name, revision } = target
  const latest = await openRevision(ctx, { bucket, name })
  const { topHash } = latest.revision
  for (const named of [revision, base]) {
    if (named === undefined) continue
    const wanted = await resolveRevision(ctx, { bucket, name, revision: named })
    if (wanted.topHash === topHash) continue
    if (rebase) return { base: await ctx.backend.packages.open(wanted, { signal: ctx.signal }), latest }
    throw new QuiltError('conflict', `latest of ${name} is ${topHash}, not ${wanted.topHash}; nothing was written`, {
      hint: 'Compare the two with package_diff, then make the change on the latest revision; rebase: true merges where nothing contradicts.',
      details: { bucket, package: name, expected: wanted.topHash, latest: topHash },
      nextTools: ['package_diff', 'package_browse'],
    })
  }
  return { base: latest, latest }
}

/** How often a change is brought together with a latest revision that has moved again. */
const mostAttempts = 10
const longestPauseMs = 500

/** Pushes the change; where it may be rebased, again and again when another push comes in between. */
async function pushChange(
  ctx: ToolContext,
  change: SurveyedChange,
  { latest: first, rebase }: { readonly latest: PackageReader; readonly rebase: boolean },
): Promise<{ readonly pushed: PushResult; readonly onto: PackageReader['revision']; readonly entries: number }> {
  const { signal, onProgress } = ctx
  let latest = first
  for (let attempt = 1; ; attempt += 1) {
    const plan = await planOn(latest, change, { signal, onProgress })
    try {
      const pushed = await ctx.backend.packages.push(plan, { signal, onProgress })
      const entries = 'count' in plan.entries ? plan.entries.count : plan.entries.length
      return { pushed, onto: latest.revision, entries }
    } catch (error) {
      if (!rebase || attempt === mostAttempts || !(error instanceof QuiltError) || error.code !== 'conflict')
        throw error
      // Of many who do so at once, all but one would be too late again, each after all its requests.
      await pause(Math.random() * longestPauseMs * attempt, undefined, { signal })
      const { bucket, name } = change.target
      const moved = await openRevision(ctx, { bucket, name })
      if (moved.revision.topHash === latest.revision.topHash) throw error
      latest = moved
    }
  }
}

const mergedWith = (base: PackageReader, onto: string): string =>
  `the change for ${base.revision.topHash.slice(0, 10)} was merged with ${onto.slice(0, 10)}, which came in between`
