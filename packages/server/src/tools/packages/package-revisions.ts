import { z } from 'zod'
import { defineTool } from '../../mcp/define-tool.js'
import { pageInput, pageOf, pageOutput } from '../../mcp/page.js'
import { untrusted, untrustedText } from '../../mcp/untrusted.js'
import { refOf, resolveRevision } from './open-revision.js'
import { packageArgument, packageFields } from './package-argument.js'

export const packageRevisions = defineTool({
  name: 'package_revisions',
  title: 'List revisions',
  toolset: 'packages',
  access: 'read',
  needs: ['packages'],
  description:
    'Lists the revisions of a package, newest first: top hash, date, commit message, number of entries and bytes.',
  input: z.strictObject({ ...packageFields, ...pageInput({ limit: 20 }) }),
  output: z.object({
    package: z.string(),
    bucket: z.string(),
    latest: z.string(),
    revisions: z.array(
      z.object({
        top_hash: z.string(),
        modified: z.string().optional(),
        message: untrustedText().optional(),
        entries: z.int().optional(),
        bytes: z.int().optional(),
      }),
    ),
    ...pageOutput,
    next: z.array(z.string()),
  }),
  aliases: ['package_versions_list'],
  examples: [{ package: 'study/cells', bucket: 'lab-a' }, { package: 'quilt+s3://lab-a#package=study/cells' }],
  async run(ctx, input) {
    const target = packageArgument(input)
    const latest = await resolveRevision(ctx, refOf(target))
    const { items, ...position } = await pageOf({
      limit: input.limit,
      cursor: input.cursor,
      budgetChars: ctx.resultChars,
      fetch: (page) => ctx.backend.packages.revisions(refOf(target), { ...page, signal: ctx.signal }),
      render: ({ topHash, modified, message, totalEntries, totalBytes }) => ({
        top_hash: topHash,
        ...(modified !== undefined && { modified }),
        ...(typeof message === 'string' && { message: untrusted(message) }),
        ...(totalEntries !== undefined && { entries: totalEntries }),
        ...(totalBytes !== undefined && { bytes: totalBytes }),
      }),
    })
    return {
      structure: {
        package: target.name,
        bucket: target.bucket,
        latest: latest.topHash,
        revisions: items,
        ...position,
        next: ['package_browse', 'package_diff'],
      },
    }
  },
})
