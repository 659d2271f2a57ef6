// `.quilt/workflows/config.yml`: which checks a registry asks of its packages (formats.md 8.1).
import { QuiltError } from '../errors.js'
import { fromPlain } from '../json/plain.js'
import type { Json } from '../json/value.js'
import { inForm } from '../json-schema/shape.js'

/** One workflow: what a package has to fulfil. */
export interface Workflow {
  readonly id: string
  readonly name: string
  readonly description?: string
  /** Id of the schema for the package's metadata. */
  readonly metadataSchema?: string
  /** Id of the schema for the list of entries. */
  readonly entriesSchema?: string
  /** Regular expression of Python that is searched in the full package name. */
  readonly handlePattern?: string
  readonly isMessageRequired: boolean
  /** Settings of the catalog, which checks do not look at. */
  readonly catalog?: Json
}

/** A bucket that packages may be promoted to. */
export interface Successor {
  readonly title: string
  /** Whether the objects are copied there, too. */
  readonly copyData: boolean
}

/** The workflows of a registry. */
export interface WorkflowConfig {
  /** URL of the file, with the version that was read: goes into the header of manifests. */
  readonly url: string
  readonly version: string
  readonly catalogVersion?: string
  /** By id, in the order of the file. */
  readonly workflows: ReadonlyMap<string, Workflow>
  /** The one that is used when none is named. */
  readonly defaultWorkflow?: string
  /** Whether a package has to name a workflow when there is no default. */
  readonly isWorkflowRequired: boolean
  /** URLs of JSON Schemas by id. */
  readonly schemas: ReadonlyMap<string, string>
  /** By bucket URL (`s3://bucket`). */
  readonly successors: ReadonlyMap<string, Successor>
  /** Settings of the catalog. */
  readonly catalog?: Json
}

interface WorkflowInFile {
  readonly name: string
  readonly description?: string
  readonly metadata_schema?: string
  readonly entries_schema?: string
  readonly handle_pattern?: string
  readonly is_message_required?: boolean
  readonly catalog?: unknown
}

interface ConfigInFile {
  readonly version: string | { readonly base: string; readonly catalog?: string }
  readonly workflows: Readonly<Record<string, WorkflowInFile>>
  readonly default_workflow?: string
  readonly is_workflow_required?: boolean
  readonly schemas?: Readonly<Record<string, { readonly url: string }>>
  readonly successors?: Readonly<Record<string, { readonly title: string; readonly copy_data?: boolean }>>
  readonly catalog?: unknown
}

const text = { type: 'string' }
const someText = { type: 'string', minLength: 1 }
const flag = { type: 'boolean' }
const versionText = { type: 'string', pattern: '^[1-9][0-9]*(\\.(0|[1-9][0-9]*)){0,2}$' }
const exactly = (properties: object, ...required: readonly string[]) => ({
  type: 'object',
  required,
  additionalProperties: false,
  properties,
})
const byId = (item: object) => ({ type: 'object', minProperties: 1, additionalProperties: item })

const schema = exactly(
  {
    version: {
      if: { type: 'object' },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: exactly({ base: versionText, catalog: versionText }, 'base'),
      else: versionText,
    },
    workflows: {
      ...byId(
        exactly(
          {
            name: someText,
            description: someText,
            metadata_schema: text,
            entries_schema: text,
            handle_pattern: text,
            is_message_required: flag,
            catalog: true,
          },
          'name',
        ),
      ),
      propertyNames: { pattern: '^[A-Za-z_-][A-Za-z0-9_-]*$', maxLength: 64 },
    },
    default_workflow: text,
    is_workflow_required: flag,
    schemas: byId({ type: 'object', required: ['url'], properties: { url: text } }),
    successors: byId({ type: 'object', required: ['title'], properties: { title: someText, copy_data: flag } }),
    catalog: true,
  },
  'version',
  'workflows',
)

const what = 'the workflows config'
const newestVersion = [1, 1, 0] as const

/**
 * Reads a workflows config. Of two equal keys the last counts, `yes` and `on` are booleans, as for quilt3.
 * @param url where the text was read, with its version
 * @throws {QuiltError} `invalid_input` when it is not YAML or not valid (`details.failures` says rule, path and what would
 *   pass), `unsupported` when its version is newer than 1.1.0
 */
export async function parseWorkflowConfig(source: string, { url }: { readonly url: string }): Promise<WorkflowConfig> {
  const { parseYaml } = await import('../yaml/parse.js')
  const hint = 'Correct .quilt/workflows/config.yml. A version is text: write it in quotes.'
  const file = await inForm<ConfigInFile>(parseYaml(source, what), { what, hint, schema })
  const { base, catalog } = typeof file.version === 'string' ? { base: file.version, catalog: undefined } : file.version
  refuseNewer(base)
  return {
    url,
    version: base,
    ...(catalog !== undefined && { catalogVersion: catalog }),
    workflows: byIds(file.workflows, workflowFrom),
    ...(file.default_workflow !== undefined && { defaultWorkflow: file.default_workflow }),
    isWorkflowRequired: file.is_workflow_required ?? true,
    schemas: byIds(file.schemas ?? {}, (_, schemaInFile) => schemaInFile.url),
    successors: byIds(file.successors ?? {}, (_, { title, copy_data }) => ({ title, copyData: copy_data ?? true })),
    ...(file.catalog !== undefined && { catalog: fromPlain(file.catalog) }),
  }
}

function workflowFrom(id: string, file: WorkflowInFile): Workflow {
  return {
    id,
    name: file.name,
    ...(file.description !== undefined && { description: file.description }),
    ...(file.metadata_schema !== undefined && { metadataSchema: file.metadata_schema }),
    ...(file.entries_schema !== undefined && { entriesSchema: file.entries_schema }),
    ...(file.handle_pattern !== undefined && { handlePattern: file.handle_pattern }),
    isMessageRequired: file.is_message_required ?? false,
    ...(file.catalog !== undefined && { catalog: fromPlain(file.catalog) }),
  }
}

const byIds = <T, U>(items: Readonly<Record<string, T>>, convert: (id: string, item: T) => U): ReadonlyMap<string, U> =>
  new Map(Object.entries(items).map(([id, item]) => [id, convert(id, item)]))

function refuseNewer(version: string): void {
  const parts = version.split('.').map(Number)
  const difference = newestVersion.map((newest, at) => (parts[at] ?? 0) - newest).find((each) => each !== 0) ?? 0
  if (difference <= 0) return
  throw new QuiltError(
    'unsupported',
    `${what} has version ${version}; versions up to ${newestVersion.join('.')} are known`,
    {
      hint: 'Update Quilt MCP, or write the config in an older version.',
    },
  )
}
