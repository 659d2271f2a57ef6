// What package_create_from_s3 answers: the plan and what it takes, or what was made of it.
import type { Identity, PushCheck, PushResult, Revision } from '@quilt-mcp/backends'
import type { Json } from '@quilt-mcp/core'
import { z } from 'zod'
import type { ToolContext } from '../../../mcp/define-tool.js'
import { untrustedJson } from '../../../mcp/untrusted.js'
import { actor, actorOf } from '../../actor.js'
import { revisionUri } from '../open-revision.js'
import { shownMetadata } from '../shown-metadata.js'
import type { FilePlan } from './file-plan.js'
import type { GeneratedFiles } from './generated-files.js'
import type { ChangeCounts } from './replaced-entries.js'

const amounts = () => z.record(z.string(), z.int())

export const fromS3Output = z.object({
  package: z.string(),
  bucket: z.string(),
  source: z.string(),
  dry_run: z.boolean().optional(),
  top_hash: z.string().optional(),
  previous: z.string().optional(),
  entries: z.int(),
  bytes: z.int(),
  counts: amounts(),
  skipped: amounts().optional(),
  folders: z.array(z.object({ path: z.string(), files: z.int(), bytes: z.int() })),
  moved: z.int(),
  moves: z.array(z.object({ from: z.string(), to: z.string() })),
  generated: z.array(z.string()),
  metadata: untrustedJson().optional(),
  workflow: z.string().nullable().optional(),
  cost: amounts().optional(),
  warnings: z.array(z.string()).optional(),
  uri: z.string().optional(),
  url: z.string().optional(),
  by: actor(),
  next: z.array(z.string()),
})

export interface FromS3Report {
  readonly package: { readonly bucket: string; readonly name: string }
  readonly identity: Identity
  readonly source: string
  readonly plan: FilePlan
  readonly counts: ChangeCounts
  readonly generated: GeneratedFiles
  readonly metadata: Json | undefined
  readonly previous: Revision | undefined
  readonly warnings: readonly string[]
  /** Of a dry run. */
  readonly check?: PushCheck
  /** What was made. */
  readonly made?: PushResult
}

/** What is read to be hashed, at most: copying may tell the hash of an object, and so may S3 where nobody has looked yet. */
function hashing({ plan: { survey }, identity }: FromS3Report, { hashed, copies }: PushCheck): Record<string, number> {
  // Files of this machine are read to be looked at.
  const isKnown = hashed !== undefined && identity.objectAccess !== 'files'
  const bytes = !isKnown ? survey.total.bytes - survey.known.bytes : hashed.bytes + copies.bytes
  return { bytes_hashed_at_most: bytes, parts_hashed_at_most: bytes === 0 ? 0 : survey.parts }
}

/** The structure of {@link fromS3Output}. */
export function fromS3Result(ctx: ToolContext, report: FromS3Report): z.input<typeof fromS3Output> {
  const { plan, counts, generated, metadata, previous, check, made, identity } = report
  const { survey, skipped, listed } = plan
  const revision = made?.revision
  const { bucket, name } = report.package
  const generatedBytes = generated.entries.reduce((sum, { content }) => sum + content.byteLength, 0)
  const url = revision && ctx.links.packageUrl({ bucket, name, topHash: revision.topHash })
  const left = Object.fromEntries(Object.entries(skipped).filter(([, count]) => count > 0))
  const warnings = [...report.warnings, ...generated.notes, ...(check?.notes ?? []), ...(made?.notes ?? [])]
  return {
    package: name,
    bucket,
    source: report.source,
    ...(made === undefined ? { dry_run: true } : {}),
    ...(revision !== undefined && { top_hash: revision.topHash }),
    ...(previous !== undefined && { previous: previous.topHash }),
    entries: survey.total.files + generated.entries.length,
    bytes: survey.total.bytes + generatedBytes,
    counts: { ...counts },
    ...(Object.keys(left).length > 0 && { skipped: left }),
    folders: survey.folders.map((folder) => ({ ...folder })),
    moved: survey.moved,
    moves: survey.moves.map((move) => ({ ...move })),
    generated: generated.entries.map(({ logicalKey }) => logicalKey),
    ...(metadata !== undefined && made === undefined && { metadata: shownMetadata(metadata, ctx) }),
    ...(check !== undefined && 'workflow' in check && { workflow: check.workflow?.id ?? null }),
    ...(check !== undefined && {
      cost: {
        list_requests: listed.pages,
        objects_to_look_at: survey.total.files - survey.known.files,
        known_from_before: survey.known.files,
        objects_copied: check.copies.objects,
        bytes_copied: check.copies.bytes,
        objects_uploaded: check.uploads.objects,
        bytes_uploaded: check.uploads.bytes,
        ...hashing(report, check),
      },
    }),
    ...(warnings.length > 0 && { warnings }),
    ...(revision !== undefined && { uri: revisionUri(revision) }),
    ...(url !== undefined && { url }),
    by: actorOf(identity),
    next: made === undefined ? ['the same call without dry_run'] : ['package_browse', 'package_update', 'catalog_link'],
  }
}
