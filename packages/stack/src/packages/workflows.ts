// The workflows of a bucket: the one a push has to pass, and where packages may be promoted (formats.md 8).
import {
  checkWorkflow,
  chooseWorkflow,
  type Entry,
  formatPhysicalKey,
  type Json,
  type JsonObject,
  type LoadedSchema,
  parsePhysicalKey,
  parseWorkflowConfig,
  QuiltError,
  type SchemaReference,
  toPlain,
  type WorkflowChoice,
  type WorkflowConfig,
  workflowConfigKey,
  workflowRecord,
} from '@quilt-mcp/core'
import { z } from 'zod'
import { mayAccess } from '../identity/policy.js'
import type { Principal } from '../identity/principal.js'
import type { ObjectStore, StoredVersion } from '../store/object-store.js'
import { OperationRefused } from './failures.js'
import { currentVersion, storedText } from './stored-text.js'

const mostFileBytes = 1_048_576

/** Reads a bucket's workflow config. Undefined when there is none.
 * @throws {OperationRefused} `QuiltException` when it is not valid */
export async function readWorkflows(store: ObjectStore, bucket: string): Promise<WorkflowConfig | undefined> {
  const version = currentVersion(store, bucket, workflowConfigKey)
  if (version === undefined) return undefined
  const text = await wholeText(store, version)
  try {
    return await parseWorkflowConfig(text, { url: urlOf(version) })
  } catch (cause) {
    if (!(cause instanceof QuiltError)) throw cause
    throw new OperationRefused('QuiltException', `The workflow config of ${bucket} is not valid: ${cause.message}`, {
      cause,
    })
  }
}

/** The workflow of a push, with its schemas as they are now. */
export interface ChosenWorkflow {
  readonly choice: WorkflowChoice
  readonly schemas: ReadonlyMap<string, LoadedSchema>
}

/**
 * Chooses the workflow of a push (formats.md 8.2, 8.4), and reads its schemas with the rights of who pushes.
 * @param asked null or undefined: the default one; empty: none; else an id
 * @returns undefined when the bucket has no workflows
 * @throws {OperationRefused} `WorkflowValidationError` when one is required, else `QuiltException`
 */
export async function selectWorkflow(
  { store, principal }: { readonly store: ObjectStore; readonly principal: Principal },
  { bucket, workflow: asked }: { readonly bucket: string; readonly workflow: string | null | undefined },
): Promise<ChosenWorkflow | undefined> {
  const config = await readWorkflows(store, bucket)
  const choice = await translated(async () => chooseWorkflow(config, asked === '' ? null : (asked ?? undefined)))
  if (choice === undefined) return undefined
  const schemas = new Map<string, LoadedSchema>()
  for (const reference of [choice.metadataSchema, choice.entriesSchema]) {
    if (reference !== undefined) schemas.set(reference.id, await loadSchema(store, principal, reference))
  }
  return { choice, schemas }
}

/** What a push says that workflows look at. */
export interface WorkflowSubject {
  readonly name: string
  readonly message: string | null
  readonly userMeta: JsonObject | undefined
  /** In tree order. */
  readonly entries: readonly Entry[]
}

/**
 * Checks a push against its workflow.
 * @returns what the header of the manifest records of it (formats.md 8.5)
 * @throws {OperationRefused} `WorkflowValidationError` with the first rule that is not passed; `QuiltException` when a schema cannot be used
 */
export async function passWorkflow(
  { choice, schemas }: ChosenWorkflow,
  { name, message, userMeta, entries }: WorkflowSubject,
): Promise<JsonObject> {
  const subject = { name, message, userMeta, entries: [entries] }
  const [failure] = await translated(() => checkWorkflow(choice, subject, schemas))
  if (failure !== undefined) throw invalid(failure.message)
  return workflowRecord(choice, schemas)
}

/** How packages of a bucket may be promoted to another one.
 * @throws {OperationRefused} `InvalidSuccessor` when they may not */
export function successorOf(
  found: WorkflowConfig | undefined,
  { source, destination }: { readonly source: string; readonly destination: string },
): { readonly copyData: boolean } {
  for (const [url, successor] of found?.successors ?? []) {
    if (url.replace(/\/$/, '') === `s3://${destination}`) return successor
  }
  throw new OperationRefused('InvalidSuccessor', `${destination} is not among the successors of ${source}.`)
}

/** What a stored header says of its workflow. Undefined when it says nothing that can be read. */
export function recordedWorkflow(
  value: Json | undefined,
): { readonly config: string; readonly id: string | null } | undefined {
  if (value === undefined) return undefined
  const shape = z.object({ config: z.string(), id: z.string().nullish() })
  const read = shape.safeParse(toPlain(value))
  return read.success ? { config: read.data.config, id: read.data.id ?? null } : undefined
}

async function loadSchema(
  store: ObjectStore,
  principal: Principal,
  { id, url }: SchemaReference,
): Promise<LoadedSchema> {
  const place = await translated(async () => parsePhysicalKey(url))
  const version =
    place.kind === 's3' && mayAccess(principal, place.bucket, 'READ')
      ? store.head(place.bucket, place.key, place.versionId)
      : undefined
  if (version === undefined || version.deleteMarker)
    throw new OperationRefused('QuiltException', `Couldn't load the schema "${id}" from ${url}.`)
  return { text: await wholeText(store, version), url: urlOf(version) }
}

async function wholeText(store: ObjectStore, version: StoredVersion): Promise<string> {
  if (version.size <= mostFileBytes) return storedText(store, version, mostFileBytes)
  throw new OperationRefused('QuiltException', `${urlOf(version)} is larger than ${mostFileBytes} bytes.`)
}

const urlOf = ({ bucket, key, versionId }: StoredVersion): string =>
  formatPhysicalKey({ kind: 's3', bucket, key, versionId })

/** In the registry's words: nothing was pushed. */
async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof QuiltError)) throw cause
    if (cause.details?.rule === 'is_workflow_required') throw invalid(cause.message, cause)
    throw new OperationRefused('QuiltException', cause.message, { cause })
  }
}

const invalid = (details: string, cause?: unknown): OperationRefused =>
  new OperationRefused('WorkflowValidationError', details, { context: new Map([['details', details]]), cause })
