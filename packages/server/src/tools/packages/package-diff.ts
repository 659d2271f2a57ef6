import type { PackageReader, Revision } from '@quilt-mcp/backends'
import {
  diffEntries,
  type Entry,
  type EntryChange,
  encodeCanonicalJson,
  type ManifestHeader,
  QuiltError,
} from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { pageInput, pageOf, pageOutput } from '../../mcp/page.js'
import { openRevision, refOf, revisionUri } from './open-revision.js'
import { type PackageTarget, packageArgument, packageFields } from './package-argument.js'
import { decodePinned, encodePinned } from './pinned-cursor.js'
import { countsOf } from './push-result.js'

export const packageDiff = defineTool({
  name: 'package_diff',
  title: 'Compare revisions',
  toolset: 'packages',
  access: 'read',
  needs: ['packages'],
  description:
    'Tells which files were added, removed, modified or moved between two revisions of a package, or between two packages, by size, hash and metadata. "undecided": hashes of different types, which cannot be compared.',
  input: z.strictObject({
    ...packageFields,
    revision: z.string().optional().describe('the newer side; default latest'),
    base: z.string().optional().describe('older side: a revision, or another package; default the revision before'),
    ...pageInput({ limit: 100 }),
  }),
  output: z.object({
    base: z.string().optional(),
    target: z.string(),
    counts: z.record(z.string(), z.int()),
    header_differs: z.array(z.string()),
    changes: z.array(
      z.object({
        change: z.string(),
        path: z.string(),
        from: z.string().optional(),
        size: z.int(),
        size_before: z.int().optional(),
        differs: z.array(z.string()).optional(),
      }),
    ),
    ...pageOutput,
    note: z.string().optional(),
    next: z.array(z.string()),
  }),
  examples: [
    { package: 'study/cells', bucket: 'lab-a' },
    { package: 'study/cells', bucket: 'lab-a', base: 'study/disposable' },
  ],
  async run(ctx, input) {
    const target = packageArgument(input)
    const pinned = input.cursor === undefined ? undefined : decodePinned(input.cursor, 2)
    const sides = await openSides(ctx, target, { base: input.base, pinned: pinned?.topHashes })
    const { changes, unchanged } = await diffEntries(entriesOf(ctx, sides.base), entriesOf(ctx, sides.target))
    const { items, cursor, ...rest } = await pageOf({
      limit: input.limit,
      cursor: pinned?.cursor,
      budgetChars: ctx.resultChars,
      fetch: (page) => Promise.resolve(slice(changes, page)),
      render: rendered,
    })
    const topHashes = [sides.base?.revision.topHash ?? null, sides.target.revision.topHash]
    const note = noteOn(sides, changes)
    return {
      structure: {
        ...(sides.base !== undefined && { base: revisionUri(sides.base.revision) }),
        target: revisionUri(sides.target.revision),
        counts: { ...countsOf(changes), unchanged },
        header_differs: headerDifferences(sides.base?.header, sides.target.header),
        changes: items,
        ...(cursor !== undefined && { cursor: encodePinned({ topHashes, cursor }) }),
        ...rest,
        ...(note !== undefined && { note }),
        next: ['object_read', 'package_browse'],
      },
    }
  },
})

interface Sides {
  /** Absent: the target is the first revision. */
  readonly base?: PackageReader
  readonly target: PackageReader
}

async function openSides(
  ctx: ToolContext,
  target: PackageTarget,
  { base, pinned }: { readonly base: string | undefined; readonly pinned: readonly (string | null)[] | undefined },
): Promise<Sides> {
  const { bucket, name } = target
  const revision = pinned?.[1] ?? target.revision
  const newer = await openRevision(ctx, { bucket, name, ...(revision !== undefined && { revision }) })
  const known = base === undefined && pinned !== undefined
  const older = known ? { bucket, name } : await baseOf(ctx, newer.revision, base)
  const place = pinned === undefined || older === undefined ? older : pinnedTo(older, pinned[0])
  return { target: newer, ...(place !== undefined && { base: await openRevision(ctx, place) }) }
}

const pinnedTo = (place: PackageTarget, topHash: string | null | undefined): PackageTarget | undefined =>
  topHash === null ? undefined : { ...place, ...(topHash !== undefined && { revision: topHash }) }

/** What `base` means: another package, a revision of the same one, or the revision before. */
async function baseOf(ctx: ToolContext, newer: Revision, base: string | undefined): Promise<PackageTarget | undefined> {
  const { bucket, name } = newer
  if (base === undefined) return previousOf(ctx, newer)
  if (!base.includes('/')) return packageArgument({ package: name, bucket, revision: base })
  const isUri = base.includes('://')
  return packageArgument({ package: base, ...(!isUri && { bucket }) })
}

/** The revision made before another. A revision that was made twice counts where it was made last. */
async function previousOf(ctx: ToolContext, newer: Revision): Promise<PackageTarget | undefined> {
  const { bucket, name } = newer
  let cursor: string | undefined
  let isPast = false
  do {
    const page = await ctx.backend.packages.revisions(refOf({ bucket, name }), {
      limit: 100,
      cursor,
      signal: ctx.signal,
    })
    for (const { topHash } of page.items) {
      if (isPast && topHash !== newer.topHash) return { bucket, name, revision: topHash }
      isPast ||= topHash === newer.topHash
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  if (isPast) return undefined
  throw new QuiltError('not_found', `${name}@${newer.topHash.slice(0, 10)} is not among the revisions of ${name}`, {
    hint: 'Pass base: what to compare it with.',
    details: { argument: 'base' },
    nextTools: ['package_revisions'],
  })
}

async function* nothing(): AsyncGenerator<readonly Entry[]> {}

const entriesOf = (ctx: ToolContext, reader: PackageReader | undefined): AsyncIterable<readonly Entry[]> =>
  reader === undefined ? nothing() : reader.entries({ signal: ctx.signal, onProgress: ctx.onProgress })

/** A page of a list that is complete: the cursor is the position of its next item. */
function slice(
  changes: readonly EntryChange[],
  { limit = 100, cursor }: { limit?: number | undefined; cursor?: string | undefined },
) {
  const from = Number(cursor ?? 0)
  const end = from + limit
  return {
    items: changes.slice(from, end),
    total: changes.length,
    ...(end < changes.length && { cursor: String(end) }),
  }
}

const rendered = ({ change, path, from, size, sizeBefore, differs }: EntryChange) => ({
  change,
  path,
  ...(from !== undefined && { from }),
  size,
  ...(sizeBefore !== undefined && { size_before: sizeBefore }),
  ...(differs !== undefined && { differs: [...differs] }),
})

/** Keys that quilt3 writes. Any other is somebody's text, and not repeated: `other` stands for them all. */
const headerKeys: ReadonlySet<string> = new Set(['version', 'message', 'user_meta', 'workflow'])

/** Keys of the header whose values differ. */
function headerDifferences(base: ManifestHeader | undefined, target: ManifestHeader): string[] {
  const keys = new Set([...(base?.keys() ?? []), ...target.keys()])
  const differing = [...keys].filter((key) => {
    const [before, after] = [base?.get(key), target.get(key)]
    if (before === undefined || after === undefined) return before !== after
    return encodeCanonicalJson(before) !== encodeCanonicalJson(after)
  })
  return [...new Set(differing.map((key) => (headerKeys.has(key) ? key : 'other')))]
}

function noteOn({ base }: Sides, changes: readonly EntryChange[]): string | undefined {
  if (base === undefined) return 'This is the first revision: everything was added.'
  const undecided = changes.filter(({ change }) => change === 'undecided').length
  if (undecided === 0) return undefined
  return `${undecided} files of the same size have hashes of two types: whether their content differs cannot be told from the manifests.`
}
