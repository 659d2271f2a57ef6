import type { PromotePlan, Revision, Volume } from '@quilt-mcp/backends'
import { headerUserMeta, parsePackageName, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool } from '../../mcp/define-tool.js'
import { untrusted, untrustedText } from '../../mcp/untrusted.js'
import { actor, actorOf } from '../actor.js'
import { bucketArgument } from '../bucket-argument.js'
import { mergePatch, metadataArgument, metadataField } from './metadata.js'
import { findLatest, openRevision, revisionUri } from './open-revision.js'
import { type PackageTarget, packageArgument, packageFields, revisionField } from './package-argument.js'
import { promotePreview } from './promote-preview.js'
import { promoteRule } from './promote-rule.js'

const volume = () => z.object({ objects: z.int(), bytes: z.int() })

export const packagePromote = defineTool({
  name: 'package_promote',
  title: 'Promote a package',
  toolset: 'packages',
  access: 'destructive',
  needs: ['packages', 'promote'],
  description:
    'Makes a revision again in a successor of its bucket, or under another name. Refuses to replace a package unless overwrite is true and confirmed.',
  input: z.strictObject({
    ...packageFields,
    revision: revisionField(),
    to_bucket: z.string(),
    to_package: z.string().optional().describe('default: same name'),
    message: z.string().optional().describe('default: that of the revision'),
    metadata: metadataField().describe('merged; null: none'),
    workflow: z.string().nullable().optional().describe('id, of to_bucket; null: none'),
    copy: z.boolean().optional().describe('objects too; default: as the bucket says'),
    prefix: z.string().optional().describe('where copied objects go'),
    dry_run: z.boolean().default(false),
    overwrite: z.boolean().default(false),
    confirm: z.string().optional(),
  }),
  output: z.object({
    package: z.string(),
    bucket: z.string(),
    from: z.string(),
    dry_run: z.boolean().optional(),
    top_hash: z.string().optional(),
    previous: z.string().optional(),
    entries: z.int().optional(),
    successor: untrustedText().optional(),
    copies_objects: z.boolean().optional(),
    copies: volume().optional(),
    workflow: z.string().nullable().optional(),
    warnings: z.array(z.string()).optional(),
    uri: z.string().optional(),
    url: z.string().optional(),
    by: actor(),
    next: z.array(z.string()),
  }),
  examples: [
    { package: 'study/cells', bucket: 'lab-a', to_bucket: 'lab-a', to_package: 'released/cells', dry_run: true },
  ],
  async run(ctx, input) {
    const source = packageArgument(input)
    if (source.path !== undefined) throw pathGiven(source)
    const to = { bucket: bucketArgument(input.to_bucket), name: targetName(input.to_package ?? source.name) }
    const patch = metadataArgument(input.metadata)
    const { packages } = ctx.backend
    if (packages.promote === undefined) throw cannot()

    const identity = await ctx.backend.identity({ signal: ctx.signal })
    const reader = await openRevision(ctx, source)
    const rule = await promoteRule(ctx, { from: source.bucket, to: to.bucket, copy: input.copy })
    const latest = await findLatest(ctx, to)
    if (latest !== undefined && !input.overwrite) throw exists(latest)
    const plan: PromotePlan = {
      ...to,
      base: latest?.topHash ?? null,
      ...(input.message !== undefined && { message: input.message }),
      ...(patch !== undefined && {
        userMeta: patch === null ? null : mergePatch(headerUserMeta(reader.header), patch),
      }),
      ...(input.workflow !== undefined && { workflow: input.workflow }),
      ...(input.prefix !== undefined && { prefix: input.prefix }),
      ...(rule.copy !== undefined && { copy: rule.copy }),
    }
    // A promotion that replaces nothing checks all of it by itself.
    const preview =
      input.dry_run || latest !== undefined ? await promotePreview(ctx, reader, { plan, rule }) : undefined
    const answer = (made?: Revision, notes: readonly string[] = []) => {
      const warnings = [...(preview?.check.notes ?? []), ...notes]
      const url = made === undefined ? undefined : ctx.links.packageUrl({ ...to, topHash: made.topHash })
      const entries = preview?.entries ?? made?.totalEntries
      return {
        structure: {
          package: to.name,
          bucket: to.bucket,
          from: revisionUri(reader.revision),
          ...(made === undefined ? { dry_run: true } : { top_hash: made.topHash, uri: revisionUri(made) }),
          ...(latest !== undefined && { previous: latest.topHash }),
          ...(entries !== undefined && { entries }),
          ...(rule.successor !== undefined && { successor: untrusted(rule.successor.title) }),
          ...(rule.copies !== undefined && { copies_objects: rule.copies }),
          ...(preview?.copies !== undefined && { copies: preview.copies }),
          ...(preview?.check.workflow !== undefined && { workflow: preview.check.workflow?.id ?? null }),
          ...(warnings.length > 0 && { warnings: [...new Set(warnings)] }),
          ...(url !== undefined && { url }),
          by: actorOf(identity),
          next: made === undefined ? ['the same call without dry_run'] : ['package_browse', 'catalog_link'],
        },
      }
    }
    if (input.dry_run) return answer()
    if (latest !== undefined) {
      await ctx.confirm({
        message: question({ from: reader.revision, latest, entries: preview?.entries, copies: preview?.copies }),
        subject: { from: reader.revision.topHash, bucket: to.bucket, package: to.name, replaces: latest.topHash },
        token: input.confirm,
      })
    }
    const { revision, notes } = await packages.promote(reader.revision, plan, {
      signal: ctx.signal,
      onProgress: ctx.onProgress,
    })
    return answer(revision, notes)
  },
})

interface Replacement {
  readonly from: Revision
  readonly latest: Revision
  readonly entries: number | undefined
  readonly copies: Volume | undefined
}

function question({ from, latest, entries, copies }: Replacement): string {
  const what = `revision ${from.topHash.slice(0, 10)} of ${from.name} in ${from.bucket}`
  const amount = entries === undefined ? '' : `, ${entries} ${entries === 1 ? 'entry' : 'entries'}`
  const copied = copies === undefined || copies.objects === 0 ? '' : `; ${copies.objects} objects are copied`
  return `Replace all of ${latest.name} in ${latest.bucket} (latest ${latest.topHash.slice(0, 10)}) by ${what}${amount}${copied}. Older revisions stay readable.`
}

function targetName(name: string): string {
  const trimmed = name.trim()
  parsePackageName(trimmed)
  return trimmed
}

const cannot = (): QuiltError =>
  new QuiltError('unsupported', 'this backend cannot promote packages', {
    hint: 'package_create makes a package of entries of another one.',
    nextTools: ['package_create'],
  })

const pathGiven = ({ name, path }: PackageTarget): QuiltError =>
  new QuiltError('invalid_input', `${path} is a path in ${name}; packages are promoted whole`, {
    hint: 'package_create makes a package of single files of another one.',
    nextTools: ['package_create'],
  })

const exists = ({ bucket, name, topHash }: Revision): QuiltError =>
  new QuiltError('conflict', `${name} exists in ${bucket} already; nothing was written`, {
    hint: 'overwrite: true replaces it (older revisions stay readable), or choose another to_package.',
    details: { bucket, package: name, latest: topHash },
    nextTools: ['package_diff', 'package_browse'],
  })
