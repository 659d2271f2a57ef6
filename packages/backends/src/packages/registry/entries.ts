// All entries of one revision: from the flat map while it is small, else from the manifest itself. Complete, or an error.
import {
  compareLogicalKeys,
  type Entry,
  emptyJsonObject,
  isJsonObject,
  type Json,
  JsonNumber,
  manifestKey,
  openManifest,
  QuiltError,
} from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { CredentialSource } from '../../credentials/exchange.js'
import type { Objects } from '../../objects/port.js'
import type { RegistryGraphql } from '../../registry-api/graphql.js'
import { packageContentsQuery } from '../../registry-api/operations/package-contents.js'
import type { Revision } from '../port.js'

/** Up to here the registry hands out the flat map without being asked for more (formats.md 7.3). */
export const flatMapMax = 10_000
/** Up to here a manifest is held whole, so that one written in another order can be sorted. */
const sortableMax = 100_000
const batchSize = 1_000

export interface EntriesDeps {
  readonly graphql: RegistryGraphql
  readonly objects: Objects
  readonly credentials: CredentialSource
}

/** Entries in tree order, in batches.
 * @throws {QuiltError} `partial` from the iteration when fewer or more came than the revision has */
export async function* readEntries(
  deps: EntriesDeps,
  revision: Revision,
  options: CallOptions = {},
): AsyncGenerator<readonly Entry[], void, undefined> {
  const { totalEntries } = revision
  if (totalEntries === undefined || totalEntries <= flatMapMax) {
    const entries = await flatMapEntries(deps.graphql, revision, flatMapMax, options)
    if (entries !== undefined) {
      yield* inBatches(entries)
      return
    }
  }
  const manifest = await openManifestOf(deps, revision, options)
  if (manifest !== undefined) {
    yield* checkedOrder(revision, manifest, options)
    return
  }
  const entries = await flatMapEntries(deps.graphql, revision, totalEntries ?? Number.MAX_SAFE_INTEGER, options)
  if (entries === undefined) throw incomplete(revision, 'the registry gave no list of them')
  yield* inBatches(entries)
}

/** Undefined when the registry says that there are more than `max`. */
async function flatMapEntries(
  graphql: RegistryGraphql,
  revision: Revision,
  max: number,
  options: CallOptions,
): Promise<readonly Entry[] | undefined> {
  const { bucket, name, topHash: hash, totalEntries } = revision
  const found = await graphql.run(
    packageContentsQuery,
    { bucket, name, hash, max: Math.min(max, 2 ** 31 - 1) },
    options,
  )
  const contents = found.package?.revision?.contentsFlatMap
  if (contents === undefined) throw incomplete(revision, 'it has gone meanwhile')
  if (contents === null) return undefined
  if (totalEntries !== undefined && contents.size !== totalEntries)
    throw incomplete(revision, `${contents.size} of ${totalEntries} came`)
  const entries = Array.from(contents, ([logicalKey, value]) => flatMapEntry(revision, logicalKey, value))
  return entries.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
}

function flatMapEntry(revision: Revision, logicalKey: string, value: Json): Entry {
  const member = (name: string) => (isJsonObject(value) ? value.get(name) : undefined)
  const [physicalKey, size, hash, meta] = [
    member('physicalKey'),
    member('size'),
    member('hash'),
    member('meta') ?? emptyJsonObject,
  ]
  const [type, digest] = isJsonObject(hash) ? [hash.get('type'), hash.get('value')] : []
  const complete =
    typeof physicalKey === 'string' &&
    size instanceof JsonNumber &&
    typeof type === 'string' &&
    typeof digest === 'string'
  if (!complete || !isJsonObject(meta))
    throw incomplete(revision, `${logicalKey} came without physical key, size, hash or metadata`)
  return { logicalKey, physicalKey, size: size.toNumber(), hash: { type, value: digest }, meta }
}

/** The manifest's entry lines. Undefined when the caller cannot read it from S3. */
async function openManifestOf(
  { objects, credentials }: EntriesDeps,
  { bucket, topHash }: Revision,
  { signal }: CallOptions,
) {
  if (!(await credentials.available(signal))) return undefined
  try {
    const { body } = await objects.read({ bucket, key: manifestKey(topHash) }, { signal })
    return await openManifest(body, { signal })
  } catch (error) {
    // A role may reach the data of a bucket and not its manifests: then the registry is asked.
    if (error instanceof QuiltError && error.code === 'forbidden') return undefined
    throw error
  }
}

async function* checkedOrder(
  revision: Revision,
  manifest: Awaited<ReturnType<typeof openManifest>>,
  { onProgress }: CallOptions,
): AsyncGenerator<readonly Entry[], void, undefined> {
  const { totalEntries } = revision
  const held: Entry[] | undefined = totalEntries !== undefined && totalEntries <= sortableMax ? [] : undefined
  let last: string | undefined
  let count = 0
  for await (const { entries } of manifest.lines) {
    count += entries.length
    onProgress?.({
      done: count,
      ...(totalEntries === undefined ? {} : { total: totalEntries }),
      message: 'Reading the manifest',
    })
    if (held !== undefined) {
      held.push(...entries)
      continue
    }
    for (const { logicalKey } of entries) {
      if (last !== undefined && compareLogicalKeys(last, logicalKey) >= 0) throw unordered(revision, logicalKey)
      last = logicalKey
    }
    if (entries.length > 0) yield entries
  }
  if (totalEntries !== undefined && count !== totalEntries)
    throw incomplete(revision, `${count} of ${totalEntries} came`)
  if (held !== undefined) yield* inBatches(held.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey)))
}

/** Cuts a list into batches. */
export function* inBatches(entries: readonly Entry[]): Generator<readonly Entry[], void, undefined> {
  for (let from = 0; from < entries.length; from += batchSize) yield entries.slice(from, from + batchSize)
}

function incomplete({ bucket, name, topHash }: Revision, problem: string): QuiltError {
  return new QuiltError(
    'partial',
    `The entries of ${name}@${topHash.slice(0, 10)} could not be read completely: ${problem}`,
    {
      hint: 'Nothing was made of them; try again.',
      details: { bucket, name, topHash },
    },
  )
}

function unordered({ bucket, name, topHash }: Revision, logicalKey: string): QuiltError {
  return new QuiltError(
    'unsupported',
    `The manifest of ${name}@${topHash.slice(0, 10)} is not in tree order at ${logicalKey}`,
    {
      hint: `Manifests of more than ${sortableMax} entries must be in the order in which Quilt writes them; push the package again with quilt3.`,
      details: { bucket, name, topHash },
    },
  )
}
