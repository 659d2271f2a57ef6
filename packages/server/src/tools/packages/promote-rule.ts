// Whether packages of a bucket may be promoted to another one, and whether their objects go along (formats.md 8.1, 7.4).
import type { Successor, WorkflowConfig } from '@quilt-mcp/core'
import { QuiltError } from '@quilt-mcp/core'
import type { ToolContext } from '../../mcp/define-tool.js'
import { workflowsUri } from '../../resources/workflow-uri.js'

/** What holds for a promotion. */
export interface PromoteRule {
  /** What the bucket's config says of the target. Absent: it is the same bucket, or only the backend can tell. */
  readonly successor?: Successor
  /** Whether objects are copied. Absent: only the backend can tell. */
  readonly copies?: boolean
  /** The wish about copying, where it differs from what happens without one. */
  readonly copy?: boolean
}

/** Where a promotion comes from and goes to. */
export interface PromoteWay {
  readonly from: string
  readonly to: string
  /** The wish of the call. */
  readonly copy?: boolean | undefined
}

/** @throws {QuiltError} `invalid_input` when the target is no successor: names those that are */
export async function promoteRule(ctx: ToolContext, { from, to, copy }: PromoteWay): Promise<PromoteRule> {
  const usual = from === to ? { copies: false } : await successorRule(ctx, from, to)
  if (copy === undefined || copy === usual.copies) return usual
  return { ...usual, copies: copy, copy }
}

async function successorRule(ctx: ToolContext, from: string, to: string): Promise<PromoteRule> {
  const config = await readableConfig(ctx, from)
  if (config === 'unreadable') return {}
  const successors = [...(config?.successors ?? new Map<string, Successor>())]
  const found = successors.find(([url]) => url.replace(/\/$/, '') === `s3://${to}`)
  if (found !== undefined) return { successor: found[1], copies: found[1].copyData }
  // A local registry names its successors by folders, which only the backend can tell from names.
  if (successors.some(([url]) => !url.startsWith('s3://'))) return {}
  throw noSuccessor(
    from,
    to,
    successors.map(([url]) => url.replace(/^s3:\/\//, '').replace(/\/$/, '')),
  )
}

/** Who may not read the config learns from the registry itself what it allows. */
async function readableConfig(ctx: ToolContext, bucket: string): Promise<WorkflowConfig | undefined | 'unreadable'> {
  try {
    return await ctx.backend.packages.workflowConfig(bucket, { signal: ctx.signal })
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'forbidden' && error.details?.reason === undefined)
      return 'unreadable'
    throw error
  }
}

function noSuccessor(from: string, to: string, successors: readonly string[]): QuiltError {
  return new QuiltError('invalid_input', `${to} is not among the successors of ${from}; nothing was written`, {
    hint:
      successors.length > 0
        ? `Packages of ${from} may be promoted to: ${successors.join(', ')}.`
        : `Packages of ${from} may be promoted nowhere: name successors in .quilt/workflows/config.yml. package_create makes a package of entries of another.`,
    details: { successors, resource: workflowsUri(from) },
    nextTools: ['get_resource', 'package_create'],
  })
}
