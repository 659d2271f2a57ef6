// The workflows of a bucket, as far as this stack knows them: which one is chosen, and where packages may be promoted (formats.md 8).
import { formatPhysicalKey, type Json, type JsonObject, toPlain, workflowConfigKey } from '@quilt-mcp/core'
import { parse } from 'yaml'
import { z } from 'zod'
import type { ObjectStore } from '../store/object-store.js'
import { OperationRefused } from './failures.js'
import { currentVersion, storedText } from './stored-text.js'

const workflow = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  metadata_schema: z.string().optional(),
  entries_schema: z.string().optional(),
  handle_pattern: z.string().optional(),
  is_message_required: z.boolean().default(false),
  catalog: z.unknown().optional(),
})
const config = z.strictObject({
  version: z.union([z.string(), z.strictObject({ base: z.string(), catalog: z.string().optional() })]),
  workflows: z.record(z.string().regex(/^[A-Za-z_-][A-Za-z0-9_-]{0,63}$/), workflow),
  default_workflow: z.string().optional(),
  is_workflow_required: z.boolean().default(true),
  schemas: z.record(z.string(), z.looseObject({ url: z.string() })).optional(),
  successors: z
    .record(z.string(), z.strictObject({ title: z.string(), copy_data: z.boolean().default(true) }))
    .optional(),
  catalog: z.unknown().optional(),
})

/** The workflows of a bucket. */
export interface WorkflowConfig extends z.infer<typeof config> {
  /** URL of the config with the version that was read. */
  readonly url: string
}

const mostConfigBytes = 1_048_576

/** Reads a bucket's workflow config. Undefined when there is none.
 * @throws {OperationRefused} `QuiltException` when it is not valid */
export async function readWorkflows(store: ObjectStore, bucket: string): Promise<WorkflowConfig | undefined> {
  const version = currentVersion(store, bucket, workflowConfigKey)
  if (version === undefined) return undefined
  const { key, versionId } = version
  const url = formatPhysicalKey({ kind: 's3', bucket, key, versionId })
  const text = await storedText(store, version, mostConfigBytes)
  try {
    return { ...config.parse(parse(text, { maxAliasCount: 10 })), url }
  } catch (cause) {
    throw new OperationRefused('QuiltException', `The workflow config of ${bucket} is not valid.`, { cause })
  }
}

/** What a push says that workflows look at. */
export interface WorkflowSubject {
  /** null or undefined: the default one; empty: none; else an id. */
  readonly workflow: string | null | undefined
  readonly message: string | null
}

/**
 * Chooses the workflow of a push, and says what the header of the manifest records of it (formats.md 8.2, 8.4, 8.5).
 * @returns undefined when the bucket has no workflows
 * @throws {OperationRefused} `QuiltException` when the choice is not possible, `WorkflowValidationError` when the push does not pass,
 *   or when the workflow asks for a check that this stack does not have: it is never passed unchecked
 */
export function passWorkflow(
  found: WorkflowConfig | undefined,
  { workflow: asked, message }: WorkflowSubject,
): JsonObject | undefined {
  if (found === undefined) {
    if (asked === null || asked === undefined) return undefined
    throw new OperationRefused(
      'QuiltException',
      `${asked === '' ? 'No workflow' : `Workflow "${asked}"`} is specified, but the bucket has no workflows config.`,
    )
  }
  const id = asked === '' ? undefined : (asked ?? found.default_workflow)
  if (id === undefined) {
    if (found.is_workflow_required) throw invalid('A workflow is required, but none is specified.')
    return recorded(null, found)
  }
  const chosen = Object.hasOwn(found.workflows, id) ? found.workflows[id] : undefined
  if (chosen === undefined) throw new OperationRefused('QuiltException', `There is no workflow "${id}" in the config.`)
  const unchecked = (['handle_pattern', 'metadata_schema', 'entries_schema'] as const).filter(
    (rule) => chosen[rule] !== undefined,
  )
  if (unchecked.length > 0)
    throw invalid(
      `Workflow "${id}" has ${unchecked.join(', ')}, which this stack cannot check yet: nothing was pushed.`,
    )
  if (chosen.is_message_required && (message ?? '') === '')
    throw invalid('A commit message is required by the workflow.')
  return recorded(id, found)
}

/** How packages of a bucket may be promoted to another one.
 * @throws {OperationRefused} `InvalidSuccessor` when they may not */
export function successorOf(
  found: WorkflowConfig | undefined,
  { source, destination }: { readonly source: string; readonly destination: string },
): { readonly copyData: boolean } {
  const successors = Object.entries(found?.successors ?? {})
  const [, successor] = successors.find(([url]) => url.replace(/\/$/, '') === `s3://${destination}`) ?? []
  if (successor === undefined)
    throw new OperationRefused('InvalidSuccessor', `${destination} is not among the successors of ${source}.`)
  return { copyData: successor.copy_data }
}

const recorded = (id: string | null, { url }: WorkflowConfig): JsonObject =>
  new Map<string, Json>([
    ['id', id],
    ['config', url],
  ])

const invalid = (details: string): OperationRefused =>
  new OperationRefused('WorkflowValidationError', details, { context: new Map([['details', details]]) })

/** What a stored header says of its workflow. Undefined when it says nothing that can be read. */
export function workflowRecord(
  value: Json | undefined,
): { readonly config: string; readonly id: string | null } | undefined {
  if (value === undefined) return undefined
  const shape = z.object({ config: z.string(), id: z.string().nullish() })
  const read = shape.safeParse(toPlain(value))
  return read.success ? { config: read.data.config, id: read.data.id ?? null } : undefined
}
