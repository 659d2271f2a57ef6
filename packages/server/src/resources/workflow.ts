import type { Packages } from '@quilt-mcp/backends'
import {
  checkWorkflow,
  chooseWorkflow,
  encodeJson,
  exampleOf,
  type LoadedSchema,
  nearNames,
  parseJson,
  QuiltError,
  type SchemaReference,
  type Workflow,
  type WorkflowChoice,
  type WorkflowConfig,
} from '@quilt-mcp/core'
import type { ResourceTemplate } from '../mcp/define-resource.js'
import { type Untrusted, untrusted } from '../mcp/untrusted.js'
import { bucketNames, workflowIds } from './completers.js'
import { resourceText } from './size.js'
import { workflowTemplate } from './workflow-uri.js'

export const workflow: ResourceTemplate = {
  uriTemplate: workflowTemplate,
  name: 'workflow',
  title: 'Workflow',
  description: 'One workflow: what name, message, metadata and entries of a package must be, with metadata to fill in.',
  mimeType: 'text/plain',
  complete: { bucket: bucketNames, id: workflowIds },
  async read({ backend, signal }, { bucket = '', id = '' }) {
    const config = await backend.packages.workflowConfig(bucket, { signal })
    const found = config?.workflows.get(id)
    if (config === undefined || found === undefined) throw noWorkflow(bucket, id, config)
    const choice = chooseWorkflow(config, id) ?? { configUrl: config.url }
    const load = (reference: SchemaReference) => schemaOf(backend.packages, bucket, reference, signal)
    const metadata = choice.metadataSchema && (await load(choice.metadataSchema))
    const entries = choice.entriesSchema && (await load(choice.entriesSchema))
    return resourceText({
      bucket,
      workflow: id,
      ...ruleFacts(found, config),
      ...(metadata && { example_metadata: await exampleMetadata(choice, metadata) }),
      ...(metadata && { metadata_schema: metadata.shown }),
      ...(entries && { entries_schema: entries.shown }),
      next: `Pass workflow: ${JSON.stringify(id)} to package_create; dry_run: true checks all of it and writes nothing.`,
    })
  },
}

function ruleFacts({ id, name, description, isMessageRequired, handlePattern }: Workflow, config: WorkflowConfig) {
  return {
    name: untrusted(name),
    ...(description !== undefined && { description: untrusted(description) }),
    default: config.defaultWorkflow === id,
    message: isMessageRequired ? 'required' : 'optional',
    ...(handlePattern !== undefined && { package_name_must_match: untrusted(handlePattern) }),
  }
}

/** A schema as it is shown, and what examples are made of. */
interface ShownSchema {
  readonly reference: SchemaReference
  /** Absent: it cannot be read. */
  readonly loaded?: LoadedSchema
  readonly shown: { readonly place: Untrusted; readonly schema?: Untrusted; readonly problem?: Untrusted }
}

/** One schema out of reach does not hide the rest of the workflow. */
async function schemaOf(
  packages: Packages,
  bucket: string,
  reference: SchemaReference,
  signal: AbortSignal,
): Promise<ShownSchema> {
  const place = untrusted(`${reference.id}: ${reference.url}`)
  try {
    const loaded = await packages.workflowSchema(bucket, reference, { signal })
    return { reference, loaded, shown: { place, schema: untrusted(loaded.text) } }
  } catch (error) {
    if (!(error instanceof QuiltError) || !['invalid_input', 'forbidden'].includes(error.code)) throw error
    return { reference, shown: { place, problem: untrusted(error.message) } }
  }
}

/** Metadata made of the schema alone, and what is left to do so that it passes. */
async function exampleMetadata(choice: WorkflowChoice, { reference, loaded }: ShownSchema) {
  if (loaded === undefined) return { problem: 'the schema cannot be read' }
  try {
    const metadata = exampleOf(parseJson(loaded.text))
    const onlyMetadata: WorkflowChoice = {
      configUrl: choice.configUrl,
      workflow: { id: reference.id, name: reference.id, isMessageRequired: false },
      metadataSchema: reference,
    }
    const subject = { name: '', message: '', userMeta: metadata, entries: [] }
    const failures = await checkWorkflow(onlyMetadata, subject, new Map([[reference.id, loaded]]))
    return {
      metadata: untrusted(encodeJson(metadata)),
      ...(failures.length === 0
        ? { passes: true }
        : { passes: false, still_wrong: failures.map(({ message }) => untrusted(message)) }),
    }
  } catch (error) {
    if (!(error instanceof QuiltError) || error.code !== 'invalid_input') throw error
    return { problem: untrusted(error.message) }
  }
}

function noWorkflow(bucket: string, id: string, config: WorkflowConfig | undefined): QuiltError {
  const ids = [...(config?.workflows.keys() ?? [])]
  const near = nearNames(id, ids, 1)
  const hint = near.length > 0 ? `Did you mean ${near[0]}?` : `Workflows of ${bucket}: ${ids.join(', ') || 'none'}.`
  return new QuiltError('not_found', `${bucket} has no workflow ${JSON.stringify(id.slice(0, 100))}`, {
    hint,
    details: { bucket, workflows: ids },
  })
}
