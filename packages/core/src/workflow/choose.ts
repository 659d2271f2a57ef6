// Which workflow a push has to pass (formats.md 8.2, 8.4).
import { QuiltError } from '../errors.js'
import { parsePhysicalKey } from '../physical-key.js'
import type { Workflow, WorkflowConfig } from './config.js'

/** A schema that a workflow names. */
export interface SchemaReference {
  readonly id: string
  /** `s3://bucket/key[?versionId=...]`, or `file://` when the config is local itself. */
  readonly url: string
}

/** What was chosen. */
export interface WorkflowChoice {
  /** URL of the config, with its version. */
  readonly configUrl: string
  /** Absent: none, which the config allows. */
  readonly workflow?: Workflow
  readonly metadataSchema?: SchemaReference
  readonly entriesSchema?: SchemaReference
}

/**
 * Chooses the workflow of a push.
 * @param config undefined: the registry has none
 * @param asked an id; null: explicitly none; undefined: nothing was said, so the default
 * @returns undefined when the registry has no workflows
 * @throws {QuiltError} `invalid_input` when a workflow is required, not known, or asked for without a config; when the
 *   config names a schema that it does not have, or a local one from a remote registry
 */
export function chooseWorkflow(
  config: WorkflowConfig | undefined,
  asked: string | null | undefined,
): WorkflowChoice | undefined {
  if (config === undefined) {
    if (asked === undefined) return undefined
    throw new QuiltError(
      'invalid_input',
      `${asked === null ? 'no workflow' : `the workflow "${asked}"`} was asked for, but the registry has no workflows`,
      {
        hint: 'Leave the workflow out.',
      },
    )
  }
  const id = asked === undefined ? config.defaultWorkflow : (asked ?? undefined)
  if (id === undefined) {
    if (!config.isWorkflowRequired) return { configUrl: config.url }
    throw new QuiltError('invalid_input', 'the registry requires a workflow, and none was named', {
      hint: oneOf(config),
      details: { rule: 'is_workflow_required', workflows: [...config.workflows.keys()] },
    })
  }
  const workflow = config.workflows.get(id)
  if (workflow === undefined) {
    throw new QuiltError('invalid_input', `the registry has no workflow ${JSON.stringify(id)}`, {
      hint: asked === undefined ? 'Correct default_workflow in .quilt/workflows/config.yml.' : oneOf(config),
      details: { workflows: [...config.workflows.keys()] },
    })
  }
  const { metadataSchema, entriesSchema } = workflow
  return {
    configUrl: config.url,
    workflow,
    ...(metadataSchema !== undefined && { metadataSchema: reference(config, metadataSchema) }),
    ...(entriesSchema !== undefined && { entriesSchema: reference(config, entriesSchema) }),
  }
}

const oneOf = ({ workflows }: WorkflowConfig): string =>
  `Name one of: ${Array.from(workflows.values(), ({ id, name }) => `${id} (${name})`).join(', ')}.`

function reference(config: WorkflowConfig, id: string): SchemaReference {
  const url = config.schemas.get(id)
  if (url === undefined) {
    throw new QuiltError(
      'invalid_input',
      `the workflows config names the schema ${JSON.stringify(id)}, which it does not have`,
      {
        hint: 'Add it to schemas in .quilt/workflows/config.yml.',
        details: { schemas: [...config.schemas.keys()] },
      },
    )
  }
  if (parsePhysicalKey(url).kind === 'file' && parsePhysicalKey(config.url).kind !== 'file') {
    throw new QuiltError('invalid_input', `the schema ${JSON.stringify(id)} is a local file, but the registry is not`, {
      hint: 'Put the schema into a bucket and name its s3:// URL in .quilt/workflows/config.yml.',
    })
  }
  return { id, url }
}
