// Copies a revision to another bucket that its own bucket names as a successor (formats.md 7.4, 2.8).
import { type DirectoryMeta, type Entry, formatPhysicalKey, parsePhysicalKey } from '@quilt-mcp/core'
import { mayAccess } from '../identity/policy.js'
import type { Principal } from '../identity/principal.js'
import type { ObjectStore, StoredVersion } from '../store/object-store.js'
import { OperationRefused } from './failures.js'
import type { Manifest } from './manifests.js'
import type { Revision } from './pointers.js'
import { checkPush, type PushDeps, type PushParams, publishRevision } from './push.js'
import { passWorkflow, readWorkflows, selectWorkflow, successorOf } from './workflows.js'

/** The revision that is promoted. */
export interface PromoteSource {
  readonly bucket: string
  readonly name: string
  readonly topHash: string
}

/**
 * Writes the revision, hashes and directory metadata kept, with new header. Data is copied to `[<destPrefix>/]<name>/<logical key>`
 * unless the successor says otherwise; what lies in the destination bucket stays where it is.
 * @throws {OperationRefused} `Forbidden`, `InvalidSuccessor`, `ManifestHasLocalKeys`, `FailedToFetchObjectMetadata`, or for workflows
 */
export async function promotePackage(
  deps: PushDeps,
  principal: Principal,
  params: PushParams,
  { source, destPrefix }: { readonly source: PromoteSource; readonly destPrefix: string | null | undefined },
): Promise<Revision> {
  const { store, manifests, pointers } = deps
  checkPush(store, principal, params)
  const missing = new OperationRefused(
    'QuiltException',
    `There is no revision ${source.topHash} of ${source.name} in ${source.bucket}.`,
  )
  if (!mayAccess(principal, source.bucket, 'READ')) throw missing
  const revision = await pointers.resolve(source.bucket, source.name, source.topHash)
  const manifest = revision && (await manifests.read(revision.bucket, revision.topHash))
  if (manifest === undefined) throw missing
  const { copyData } = successorOf(await readWorkflows(store, source.bucket), {
    source: source.bucket,
    destination: params.bucket,
  })
  const chosen = await selectWorkflow({ store, principal }, params)
  const content = await contentOf(manifest)
  // Before anything is copied.
  const workflow = chosen && (await passWorkflow(chosen, { ...params, entries: content.entries }))
  const folder = [destPrefix?.replace(/^\/+|\/+$/g, '') ?? '', params.name].filter((part) => part !== '').join('/')
  const plans = content.entries.map((entry) => ({ entry, from: originOf(store, principal, entry, params.bucket) }))
  const entries: Entry[] = []
  for (const { entry, from } of plans) {
    if (from === undefined || !copyData) entries.push(entry)
    else entries.push(await copied(store, { entry, from, bucket: params.bucket, key: `${folder}/${entry.logicalKey}` }))
  }
  return publishRevision(deps, params, { workflow, directories: content.directories, entries })
}

async function contentOf(manifest: Manifest): Promise<{ directories: DirectoryMeta[]; entries: Entry[] }> {
  const directories: DirectoryMeta[] = []
  const entries: Entry[] = []
  for await (const batch of manifest.batches()) {
    directories.push(...batch.directories)
    entries.push(...batch.entries)
  }
  return { directories, entries }
}

/** The object behind an entry; undefined when it lies in the destination already. */
function originOf(
  store: ObjectStore,
  principal: Principal,
  { logicalKey, physicalKey }: Entry,
  destination: string,
): StoredVersion | undefined {
  const place = parsePhysicalKey(physicalKey)
  if (place.kind === 'file')
    throw new OperationRefused('ManifestHasLocalKeys', `${logicalKey} lies on somebody's disk: ${physicalKey}`)
  if (place.bucket === destination) return undefined
  const readable = mayAccess(principal, place.bucket, 'READ')
  const version = readable ? store.head(place.bucket, place.key, place.versionId) : undefined
  if (version?.deleteMarker === false) return version
  const error = readable ? 'NoSuchKey' : 'AccessDenied'
  throw new OperationRefused('FailedToFetchObjectMetadata', `Failed to fetch ${physicalKey}: ${error}`, {
    context: new Map([
      ['logical_key', logicalKey],
      ['physical_key', physicalKey],
      ['error', error],
    ]),
  })
}

async function copied(
  store: ObjectStore,
  { entry, from, bucket, key }: { entry: Entry; from: StoredVersion; bucket: string; key: string },
): Promise<Entry> {
  const { versionId } = await store.put({
    bucket,
    key,
    body: from.size === 0 ? new Uint8Array() : store.read(from),
    contentType: from.contentType,
    metadata: from.metadata,
    headers: from.headers,
    sha256: true,
  })
  return { ...entry, physicalKey: formatPhysicalKey({ kind: 's3', bucket, key, versionId }) }
}
