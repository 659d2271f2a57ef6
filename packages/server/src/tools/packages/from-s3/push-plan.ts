// From the files of a plan to the push: metadata, files that are made for it, and what it replaces.
import type { Identity, PlannedEntryStream, PushPlan, Revision } from '@quilt-mcp/backends'
import type { JsonObject } from '@quilt-mcp/core'
import type { ToolContext } from '../../../mcp/define-tool.js'
import { namedBeyondAscii } from '../package-create.js'
import { entryStream } from './entry-stream.js'
import type { FilePlan } from './file-plan.js'
import { generatedFiles } from './generated-files.js'
import { templateMetadata } from './metadata-templates.js'
import { countChanges } from './replaced-entries.js'
import type { FromS3Report } from './result.js'

export interface PushRequest {
  readonly arguments: {
    readonly message: string
    readonly copy: 'none' | 'new' | 'all'
    readonly readme: boolean
    readonly summarize: boolean
    readonly template?: string | undefined
    readonly workflow?: string | null | undefined
  }
  readonly source: { readonly bucket: string; readonly prefix: string }
  readonly target: { readonly bucket: string; readonly name: string }
  readonly identity: Identity
  /** What is replaced. */
  readonly latest: Revision | undefined
  readonly plan: FilePlan
  readonly userMeta: JsonObject | null | undefined
}

export interface PlannedPush {
  readonly push: PushPlan & { readonly entries: PlannedEntryStream }
  readonly report: FromS3Report
}

/** Makes the plan of the push, and what is to be told of it. */
export async function planPush(ctx: ToolContext, request: PushRequest): Promise<PlannedPush> {
  const { arguments: given, source, target, identity, latest, plan, userMeta } = request
  const { bucket, name } = target
  const uri = `s3://${source.bucket}/${source.prefix}`
  const facts = { source: uri, survey: plan.survey, created: new Date().toISOString().slice(0, 10) }
  const { metadata, missing } =
    given.template === undefined
      ? { metadata: userMeta, missing: [] }
      : templateMetadata(given.template, { ...facts, createdBy: identity.user?.name ?? identity.role }, userMeta)
  const generated = await generatedFiles({ ...facts, name, metadata }, given)
  const entries = entryStream(plan, { bucket: source.bucket, generated: generated.entries })
  const warnings = [
    ...namedBeyondAscii(target),
    ...(missing.length > 0 ? [`the template asks for metadata that nobody gave: ${missing.join(', ')}`] : []),
  ]
  return {
    push: {
      bucket,
      name,
      entries,
      message: given.message,
      base: latest?.topHash ?? null,
      copy: given.copy,
      ...(metadata !== undefined && { userMeta: metadata }),
      ...(given.workflow !== undefined && { workflow: given.workflow }),
    },
    report: {
      package: { bucket, name },
      identity,
      source: uri,
      plan,
      counts: await countChanges(ctx, latest, entries),
      generated,
      metadata,
      previous: latest,
      warnings,
    },
  }
}
