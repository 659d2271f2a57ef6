// Whether a package passes the workflow that was chosen for it, and what its header says of it (formats.md 8.3, 8.5).
import { QuiltError } from '../errors.js'
import { parseJson } from '../json/parse.js'
import { emptyJsonObject, type Json, JsonNumber, type JsonObject } from '../json/value.js'
import type { SchemaFailure } from '../json-schema/failure.js'
import type { Entry } from '../manifest/entry.js'
import type { SchemaReference, WorkflowChoice } from './choose.js'

/** What an entries schema is asked about. */
export type CheckedEntry = Pick<Entry, 'logicalKey' | 'size' | 'meta'>

/** What a workflow looks at. */
export interface WorkflowSubject {
  /** The full package name. */
  readonly name: string
  readonly message: string | null | undefined
  /** The package's metadata: absent counts as `{}`, null as null. */
  readonly userMeta: Json | undefined
  /** In tree order. Read, and then held whole, only when the workflow has an entries schema. */
  readonly entries: Iterable<readonly CheckedEntry[]> | AsyncIterable<readonly CheckedEntry[]>
}

/** A schema as it was read. */
export interface LoadedSchema {
  readonly text: string
  /** Where, with the version: goes into the header. */
  readonly url: string
}

/** One rule of the workflow that the package does not pass. */
export interface WorkflowFailure {
  readonly rule: 'is_message_required' | 'handle_pattern' | 'metadata_schema' | 'entries_schema'
  /** What would pass, in one sentence. */
  readonly message: string
  /** Of the schema rules: JSON pointer into the metadata, or into the entry. */
  readonly path?: string
  /** Of the schema rules: keyword of the schema. */
  readonly keyword?: string
  /** Of `entries_schema`: the entry, when it is about one. */
  readonly logicalKey?: string
}

const mostFailures = 20
/** Failures of entries that are looked through for those of different entries. */
const mostRawFailures = 100_000

/**
 * Checks a package against its workflow, all rules in quilt3's order.
 *
 * Nothing is fetched: give the schemas that the choice names, by id.
 * @returns at most 20 failures of the metadata, and at most 20 of the entries, the first one of each; empty when the package passes
 * @throws {QuiltError} `invalid_input` when a schema is missing, not JSON or not draft-07, or the handle pattern cannot be read
 */
export async function checkWorkflow(
  choice: WorkflowChoice,
  subject: WorkflowSubject,
  schemas: ReadonlyMap<string, LoadedSchema>,
): Promise<readonly WorkflowFailure[]> {
  const { workflow, metadataSchema, entriesSchema } = choice
  if (workflow === undefined) return []
  const failures: WorkflowFailure[] = []
  if (workflow.isMessageRequired && (subject.message ?? '') === '') {
    failures.push({
      rule: 'is_message_required',
      message: `the workflow ${workflow.id} requires a commit message: give one that is not empty`,
    })
  }
  if (workflow.handlePattern !== undefined) {
    const { pythonPattern } = await import('../json-schema/python-pattern.js')
    if (!pythonPattern(workflow.handlePattern).test(subject.name)) {
      failures.push({
        rule: 'handle_pattern',
        message: `the package name ${subject.name} must match the pattern ${JSON.stringify(workflow.handlePattern)}`,
      })
    }
  }
  if (metadataSchema !== undefined) {
    const found = await schemaFailures(metadataSchema, schemas, checkedMetadata(subject), mostFailures)
    failures.push(
      ...found.map(({ path, rule, message }) => ({
        rule: 'metadata_schema' as const,
        path,
        keyword: rule,
        message: `the package metadata: ${message} (schema ${metadataSchema.id})`,
      })),
    )
  }
  if (entriesSchema !== undefined) failures.push(...(await entriesFailures(entriesSchema, schemas, subject)))
  return failures
}

const checkedMetadata = ({ userMeta }: WorkflowSubject): Json => (userMeta === undefined ? emptyJsonObject : userMeta)

async function entriesFailures(
  reference: SchemaReference,
  schemas: ReadonlyMap<string, LoadedSchema>,
  { entries }: WorkflowSubject,
): Promise<readonly WorkflowFailure[]> {
  const items: JsonObject[] = []
  for await (const batch of entries) items.push(...batch.map(checkedPart))
  const found = await schemaFailures(reference, schemas, items, mostRawFailures)
  const byEntry = new Map<string, SchemaFailure>()
  for (const failure of found) {
    const index = indexIn(failure) ?? ''
    if (!byEntry.has(index)) byEntry.set(index, failure)
  }
  const failures = [...byEntry].slice(0, mostFailures).map(([index, { path, rule, message }]): WorkflowFailure => {
    const logicalKey = index === '' ? undefined : items[Number(index)]?.get('logical_key')
    const place = typeof logicalKey === 'string' ? `the entry ${JSON.stringify(logicalKey)}` : 'the entries'
    return {
      rule: 'entries_schema',
      path: index === '' ? path : path.slice(index.length + 1),
      keyword: rule,
      message: `${place}: ${message} (schema ${reference.id})`,
      ...(typeof logicalKey === 'string' && { logicalKey }),
    }
  })
  const more = byEntry.size - failures.length
  const last = failures.at(-1)
  if (more === 0 || last === undefined) return failures
  return failures.with(-1, { ...last, message: `${last.message}; ${more} more entries do not pass it` })
}

/** The number of the entry that a failure is about. */
const indexIn = ({ path }: SchemaFailure): string | undefined => /^\/(\d+)/.exec(path)?.[1]

/** What an entries schema sees of an entry: no hash, no location, and of its metadata what users wrote. */
const checkedPart = ({ logicalKey, size, meta }: CheckedEntry): JsonObject =>
  new Map<string, Json>([
    ['logical_key', logicalKey],
    ['size', new JsonNumber(String(size))],
    ['meta', meta.get('user_meta') ?? (meta.has('user_meta') ? null : emptyJsonObject)],
  ])

async function schemaFailures(
  reference: SchemaReference,
  schemas: ReadonlyMap<string, LoadedSchema>,
  value: Json,
  limit: number,
): Promise<readonly SchemaFailure[]> {
  const loaded = loadedOf(reference, schemas)
  const { compileSchema } = await import('../json-schema/compile.js')
  try {
    return compileSchema(parseJson(loaded.text), { limit })(value)
  } catch (cause) {
    if (!(cause instanceof QuiltError)) throw cause
    throw new QuiltError(
      'invalid_input',
      `the schema ${JSON.stringify(reference.id)} of the workflow cannot be used: ${cause.message}`,
      {
        hint: cause.hint ?? 'Correct the schema.',
        details: { ...cause.details, url: loaded.url },
        cause,
      },
    )
  }
}

function loadedOf({ id, url }: SchemaReference, schemas: ReadonlyMap<string, LoadedSchema>): LoadedSchema {
  const loaded = schemas.get(id)
  if (loaded !== undefined) return loaded
  throw new QuiltError('invalid_input', `the schema ${JSON.stringify(id)} was not given`, { hint: `Read ${url}.` })
}

/**
 * What the header of a manifest records of the workflow it passed: `id`, `config`, and `schemas` when there are any
 * (formats.md 8.5). Put it into `newHeader`.
 * @throws {QuiltError} `invalid_input` when a schema that the choice names was not given
 */
export function workflowRecord(
  { configUrl, workflow, metadataSchema, entriesSchema }: WorkflowChoice,
  schemas: ReadonlyMap<string, LoadedSchema>,
): JsonObject {
  const record = new Map<string, Json>([
    ['id', workflow?.id ?? null],
    ['config', configUrl],
  ])
  const urls = new Map<string, Json>()
  for (const reference of [metadataSchema, entriesSchema]) {
    if (reference !== undefined) urls.set(reference.id, loadedOf(reference, schemas).url)
  }
  return urls.size === 0 ? record : record.set('schemas', urls)
}
