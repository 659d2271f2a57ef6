// The workflow that a push has to pass: read from the registry, chosen, checked, recorded (formats.md 8).
import {
  checkWorkflow,
  chooseWorkflow,
  formatPhysicalKey,
  type JsonObject,
  type LoadedSchema,
  parsePhysicalKey,
  parseWorkflowConfig,
  QuiltError,
  type SchemaReference,
  type WorkflowChoice,
  type WorkflowConfig,
  type WorkflowSubject,
  workflowConfigKey,
  workflowRecord,
} from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { Objects } from '../../objects/port.js'
import type { PushCheck } from '../port.js'
import type { RegistryStore } from '../stores/registry-store.js'
import { shortText, storedUrl } from './stored-text.js'

export interface WorkflowDeps {
  readonly store: RegistryStore
  /** Reads schemas of other buckets. */
  readonly objects: Pick<Objects, 'read'>
}

/** A workflow that was chosen, with its schemas. */
export interface PushWorkflow {
  readonly choice: WorkflowChoice
  readonly schemas: ReadonlyMap<string, LoadedSchema>
}

export const mostConfigBytes = 1_048_576
export const mostSchemaBytes = 4 * 1_048_576

/** The workflow config of a registry. Undefined when it has none.
 * @throws {QuiltError} `invalid_input`, `unsupported` when it cannot be used */
export async function readWorkflowConfig(
  store: RegistryStore,
  { signal }: CallOptions = {},
): Promise<WorkflowConfig | undefined> {
  const found = await store.read(workflowConfigKey, { signal })
  if (found === undefined) return undefined
  const url = storedUrl(store, workflowConfigKey, found.versionId)
  return parseWorkflowConfig(await shortText(found, { what: url, mostBytes: mostConfigBytes }), { url })
}

/** Chooses the workflow of a push. Undefined when the registry has none, and none is asked for.
 * @param asked an id; null: none; undefined: the default
 * @throws {QuiltError} `invalid_input` when the choice is not possible, or a schema cannot be read */
export async function choosePushWorkflow(
  deps: WorkflowDeps,
  asked: string | null | undefined,
  options: CallOptions = {},
): Promise<PushWorkflow | undefined> {
  const config = await readWorkflowConfig(deps.store, options)
  return withSchemas(config, asked, (reference) => loadSchema(deps, reference, options))
}

/** The workflow that is chosen, with its schemas. As `choosePushWorkflow`. */
export async function withSchemas(
  config: WorkflowConfig | undefined,
  asked: string | null | undefined,
  load: (reference: SchemaReference) => Promise<LoadedSchema>,
): Promise<PushWorkflow | undefined> {
  const choice = chooseWorkflow(config, asked)
  if (choice === undefined) return undefined
  const schemas = new Map<string, LoadedSchema>()
  for (const reference of [choice.metadataSchema, choice.entriesSchema])
    if (reference !== undefined) schemas.set(reference.id, await load(reference))
  return { choice, schemas }
}

/** Checks a push against its workflow. @throws {QuiltError} `invalid_input` that names what does not fit */
export async function checkPushWorkflow({ choice, schemas }: PushWorkflow, subject: WorkflowSubject): Promise<void> {
  const failures = await checkWorkflow(choice, subject, schemas)
  if (failures.length === 0) return
  const id = choice.workflow?.id ?? ''
  const reasons = failures.slice(0, 5).map(({ message }) => message)
  const more = failures.length > reasons.length ? `; and ${failures.length - reasons.length} more` : ''
  throw new QuiltError(
    'invalid_input',
    `${subject.name} does not pass the workflow ${id}: ${reasons.join('; ')}${more}`,
    {
      hint: "Make the package fit the bucket's workflow, or name another workflow.",
      details: { workflow: id, failures },
    },
  )
}

/** What the header of the manifest says of the workflow (formats.md 8.5). */
export function recordOf({ choice, schemas }: PushWorkflow): JsonObject {
  return workflowRecord(choice, schemas)
}

/** What a check tells of the workflow. */
export function toldOf(workflow: PushWorkflow | undefined): Pick<PushCheck, 'workflow'> {
  if (workflow === undefined) return {}
  const chosen = workflow.choice.workflow
  return { workflow: chosen === undefined ? null : { id: chosen.id, name: chosen.name } }
}

/** A schema that a workflow of the registry names. @throws {QuiltError} `invalid_input` when it cannot be read */
export async function loadSchema(
  { store, objects }: WorkflowDeps,
  { id, url }: SchemaReference,
  { signal }: CallOptions,
): Promise<LoadedSchema> {
  const what = `the schema ${JSON.stringify(id)} of the workflow`
  const place = parsePhysicalKey(url)
  const key = keyInRegistry(store, url)
  if (key !== undefined) {
    const found = await store.read(key, { signal })
    if (found === undefined) throw unreadableSchema(what, url)
    const text = await shortText(found, { what, mostBytes: mostSchemaBytes })
    return { text, url: place.kind === 's3' ? storedUrl(store, key, found.versionId) : url }
  }
  if (place.kind === 'file') throw unreadableSchema(what, url)
  try {
    const found = await objects.read(place, { signal })
    const text = await shortText(found, { what, mostBytes: mostSchemaBytes })
    return { text, url: formatPhysicalKey({ ...place, versionId: found.versionId ?? place.versionId }) }
  } catch (error) {
    if (error instanceof QuiltError && (error.code === 'not_found' || error.code === 'forbidden'))
      throw unreadableSchema(what, url, error)
    throw error
  }
}

/** The key of a place in this registry, of its current version. Undefined for every other place. */
function keyInRegistry({ url: root }: RegistryStore, url: string): string | undefined {
  const place = parsePhysicalKey(url)
  if (place.kind === 's3')
    return root === `s3://${place.bucket}` && place.versionId === undefined ? place.key : undefined
  const folder = root.startsWith('file:') ? parsePhysicalKey(root) : undefined
  if (folder?.kind !== 'file' || !place.path.startsWith(`${folder.path}/`)) return undefined
  return place.path.slice(folder.path.length + 1)
}

/** A schema that a push cannot be checked by. */
export function unreadableSchema(what: string, url: string, cause?: unknown): QuiltError {
  return new QuiltError('invalid_input', `${what} cannot be read: there is no ${url} in reach`, {
    hint: 'Correct its url in .quilt/workflows/config.yml, or ask for the right to read it.',
    details: { url },
    cause,
  })
}
