// From the entries that a call wants to those of a revision: first every source is looked at, then content is uploaded.
import type { Identity, ObjectLocation, PackageReader, PlannedEntry } from '@quilt-mcp/backends'
import {
  chunkedSha256,
  type Entry,
  emptyJsonObject,
  formatPhysicalKey,
  type JsonObject,
  QuiltError,
} from '@quilt-mcp/core'
import type { ToolContext } from '../../mcp/define-tool.js'
import { contentTypeOf } from '../inline-content.js'
import { concurrently } from './concurrently.js'
import type { EntrySource, WantedEntry } from './entry-argument.js'
import { userPartOf, withUserMeta } from './metadata.js'
import { openRevision } from './open-revision.js'
import type { PackageTarget } from './package-argument.js'
import type { Problems } from './problems.js'

const requestsAtOnce = 8

/** An entry whose source is there. */
export type CheckedEntry =
  | { readonly kind: 'ready'; readonly entry: PlannedEntry }
  | {
      readonly kind: 'upload'
      readonly logicalKey: string
      readonly meta: JsonObject
      readonly bytes: Uint8Array
      readonly isText: boolean
    }

export interface SourceCheck {
  /** The entries that the revision has now, by logical key: their metadata stays when nothing else is said. */
  readonly current: ReadonlyMap<string, Entry>
  readonly identity: Identity
  readonly problems: Problems
}

/** Looks at every source. An object is pinned to its current version. What is missing goes to `problems`. */
export async function checkSources(
  ctx: ToolContext,
  wanted: readonly WantedEntry[],
  { current, identity, problems }: SourceCheck,
): Promise<readonly CheckedEntry[]> {
  const deps: SourceDeps = {
    current,
    readerOf: onceEach(
      (target) => openRevision(ctx, target),
      ({ bucket, name, revision }) => [bucket, name, revision],
    ),
    pinned: onceEach(
      (location) => pinned(ctx, location, identity),
      ({ bucket, key, versionId }) => [bucket, key, versionId],
    ),
  }
  let done = 0
  const checked = await concurrently(wanted, requestsAtOnce, async (entry) => {
    const result = await problems.collectAsync(entry.logicalKey, () => checkOne(ctx, entry, deps))
    done++
    ctx.onProgress({ done, total: wanted.length, message: 'Looking at the sources' })
    return result
  })
  return checked.filter((entry) => entry !== undefined)
}

interface SourceDeps {
  readonly current: ReadonlyMap<string, Entry>
  readonly readerOf: (target: PackageTarget) => Promise<PackageReader>
  readonly pinned: (location: ObjectLocation) => Promise<Pinned>
}

/** An object at the version that is current now. */
interface Pinned {
  readonly physicalKey: string
  readonly size?: number
}

/** Asks once for each thing, however often it is wanted. */
function onceEach<Thing, Answer>(
  ask: (thing: Thing) => Promise<Answer>,
  keyOf: (thing: Thing) => readonly unknown[],
): (thing: Thing) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>()
  return (thing) => {
    const key = JSON.stringify(keyOf(thing))
    const answer = answers.get(key) ?? ask(thing)
    answers.set(key, answer)
    return answer
  }
}

async function checkOne(
  ctx: ToolContext,
  { logicalKey, source, userMeta }: WantedEntry,
  deps: SourceDeps,
): Promise<CheckedEntry> {
  const existing = deps.current.get(logicalKey)
  const keptMeta = withUserMeta(existing === undefined ? emptyJsonObject : userPartOf(existing.meta), userMeta)
  if (source.kind === 'content') {
    return { kind: 'upload', logicalKey, meta: keptMeta, bytes: source.bytes, isText: source.isText }
  }
  if (source.kind === 'object') {
    const physical = await deps.pinned(source.location)
    return { kind: 'ready', entry: { logicalKey, ...physical, meta: keptMeta } }
  }
  const from = source.kind === 'unchanged' ? existing : await fileOf(ctx, source, deps)
  if (from === undefined) {
    throw new QuiltError('not_found', 'is not in the package: new metadata alone needs an entry that is there', {
      hint: 'Give the entry uri, text or base64.',
    })
  }
  const { physicalKey, size, hash, meta } = from
  return { kind: 'ready', entry: { logicalKey, physicalKey, size, hash, meta: withUserMeta(meta, userMeta) } }
}

async function fileOf(
  ctx: ToolContext,
  source: Extract<EntrySource, { kind: 'file' }>,
  deps: SourceDeps,
): Promise<Entry> {
  const reader = await deps.readerOf(source.package)
  return reader.entry(source.path, { signal: ctx.signal })
}

/** The object as it is now. Who has no credentials of their own cannot look: the registry does when the package is pushed. */
async function pinned(ctx: ToolContext, location: ObjectLocation, identity: Identity): Promise<Pinned> {
  if (identity.objectAccess === 'browse-only') return { physicalKey: formatPhysicalKey({ kind: 's3', ...location }) }
  const { bucket, key, versionId, size } = await ctx.backend.objects.info(location, { signal: ctx.signal })
  return {
    physicalKey: formatPhysicalKey({ kind: 's3', bucket, key, ...(versionId !== undefined && { versionId }) }),
    size,
  }
}

/** Uploads what has to be, to `<namespace>/<name>/<logical key>` in the package's bucket (formats.md 2.8).
 * @returns all entries, in the order given, and what the user should know
 * @throws {QuiltError} what the upload throws; objects uploaded before stay, the package is not changed */
export async function uploadContents(
  ctx: ToolContext,
  entries: readonly CheckedEntry[],
  { bucket, name }: PackageTarget,
): Promise<{ readonly entries: readonly PlannedEntry[]; readonly warnings: readonly string[] }> {
  const total = entries.filter(({ kind }) => kind === 'upload').length
  let done = 0
  let unversioned = 0
  const uploaded = await concurrently(entries, requestsAtOnce, async (checked) => {
    if (checked.kind === 'ready') return checked.entry
    const { logicalKey, bytes, meta, isText } = checked
    const location = { bucket, key: `${name}/${logicalKey}` }
    const contentType = contentTypeOf(logicalKey, { isText })
    const { versionId } = await put(ctx, { ...location, bytes, contentType })
    if (versionId === undefined) unversioned++
    ctx.onProgress({ done: ++done, total, message: 'Uploading' })
    return {
      logicalKey,
      physicalKey: formatPhysicalKey({ kind: 's3', ...location, ...(versionId !== undefined && { versionId }) }),
      size: bytes.length,
      hash: await chunkedSha256(bytes, bytes.length),
      meta,
    }
  })
  const warnings = unversioned > 0 ? [`${bucket} keeps no versions: who replaces an object changes this package`] : []
  return { entries: uploaded, warnings }
}

interface Upload {
  readonly bucket: string
  readonly key: string
  readonly bytes: Uint8Array
  readonly contentType: string
}

async function put(ctx: ToolContext, { bucket, key, bytes, contentType }: Upload) {
  try {
    return await ctx.backend.objects.put({ bucket, key }, bytes, { contentType, signal: ctx.signal })
  } catch (cause) {
    if (!(cause instanceof QuiltError)) throw cause
    throw new QuiltError(cause.code, `uploading ${key} failed, the package was not changed: ${cause.message}`, {
      hint: cause.hint ?? 'Call again; what was uploaded before is uploaded once more.',
      details: { ...cause.details, key },
      nextTools: cause.nextTools ?? ['catalog_status'],
      cause,
    })
  }
}
