// From the entries that a call wants to those of a revision: names of objects as they are (the push looks at them), files of other
// packages as their manifests tell them, bytes of calls and of this machine as content for the push to upload.
import type { PackageReader, PlannedEntry } from '@quilt-mcp/backends'
import { type Entry, emptyJsonObject, formatPhysicalKey, type JsonObject, QuiltError } from '@quilt-mcp/core'
import type { LocalFile, LocalFileAccess } from '../../local-files/local-file-access.js'
import type { LeftOut } from '../../local-files/walk-folder.js'
import type { ToolContext } from '../../mcp/define-tool.js'
import { contentTypeOf } from '../inline-content.js'
import { concurrently } from './concurrently.js'
import type { EntrySource, WantedEntry } from './entry-argument.js'
import { type KeyRule, logicalKeyOf, type NamedFile } from './key-rule.js'
import { userPartOf, withUserMeta } from './metadata.js'
import { openRevision } from './open-revision.js'
import type { PackageTarget } from './package-argument.js'
import type { Problems } from './problems.js'

const requestsAtOnce = 8

/** One file that comes into a revision. */
export interface Addition {
  readonly logicalKey: string
  /** Its source in the words of the call. */
  readonly named: string
  /** The entry. @param existing what lies at this path until now; undefined: nothing, and new metadata alone makes no entry then */
  entry(existing: Entry | undefined): PlannedEntry | undefined
  /** What is known of its content. Absent: nothing before the push. */
  readonly content?: Pick<Entry, 'size' | 'hash'>
  /** Bytes that the push has to upload. Absent: none, as far as is known. */
  readonly uploadBytes?: number
  /** Only the metadata is new. */
  readonly keepsContent?: true
}

export interface AdditionRules extends KeyRule {
  /** Name local files where they are, instead of uploading them. */
  readonly filesStay: boolean
}

export interface Additions {
  readonly additions: readonly Addition[]
  /** What the user should know: files that were left out. */
  readonly warnings: readonly string[]
}

/** Finds out what each source is. What is missing, or may not be read, goes to `problems`. */
export async function findAdditions(
  ctx: ToolContext,
  wanted: readonly WantedEntry[],
  { problems, ...rules }: AdditionRules & { readonly problems: Problems },
): Promise<Additions> {
  const readerOf = readersOnce(ctx)
  const warnings: string[] = []
  const found = await concurrently(wanted, requestsAtOnce, async (entry) => {
    const additions = await problems.collectAsync(entry.logicalKey ?? entry.named, () =>
      additionsOf(ctx, entry, { rules, readerOf, warn: (text) => warnings.push(text), problems }),
    )
    return additions ?? []
  })
  return { additions: found.flat(), warnings }
}

interface Finding {
  readonly rules: AdditionRules
  readonly readerOf: (target: PackageTarget) => Promise<PackageReader>
  readonly problems: Problems
  warn(text: string): void
}

/** Opens each revision once, however many of its files are wanted. */
function readersOnce(ctx: ToolContext): (target: PackageTarget) => Promise<PackageReader> {
  const readers = new Map<string, Promise<PackageReader>>()
  return (target) => {
    const key = JSON.stringify([target.bucket, target.name, target.revision])
    const reader = readers.get(key) ?? openRevision(ctx, target)
    readers.set(key, reader)
    return reader
  }
}

async function additionsOf(ctx: ToolContext, wanted: WantedEntry, finding: Finding): Promise<readonly Addition[]> {
  const { source, named, userMeta, logicalKey } = wanted
  const keyOf = (file: NamedFile): string => logicalKeyOf(file, logicalKey, finding.rules)
  switch (source.kind) {
    case 'unchanged':
      return [
        {
          logicalKey: logicalKey ?? '',
          named,
          keepsContent: true,
          entry: (existing) => relabelled(existing, userMeta),
        },
      ]
    case 'content':
      return [contentAddition(logicalKey ?? '', { content: source.bytes, isText: source.isText }, wanted)]
    case 'object': {
      const physicalKey = formatPhysicalKey({ kind: 's3', ...s3Place(source.location) })
      const key = keyOf({ path: source.location.key })
      return [
        { logicalKey: key, named, entry: (old) => ({ logicalKey: key, physicalKey, meta: newMeta(old, userMeta) }) },
      ]
    }
    case 'file': {
      const reader = await finding.readerOf(source.package)
      return [
        entryAddition(await reader.entry(source.path, { signal: ctx.signal }), keyOf({ path: source.path }), wanted),
      ]
    }
    case 'directory':
      return filesOfPackage(ctx, source, wanted, { ...finding, keyOf })
    case 'local':
      return localAdditions(ctx, source.path, wanted, { ...finding, keyOf })
  }
}

interface Keyed extends Finding {
  keyOf(file: NamedFile): string
}

async function filesOfPackage(
  ctx: ToolContext,
  { package: target, path }: Extract<EntrySource, { kind: 'directory' }>,
  wanted: WantedEntry,
  { readerOf, keyOf, problems }: Keyed,
): Promise<readonly Addition[]> {
  const reader = await readerOf(target)
  const additions: Addition[] = []
  for await (const batch of reader.entries({ signal: ctx.signal, onProgress: ctx.onProgress })) {
    for (const entry of batch) {
      if (!entry.logicalKey.startsWith(path)) continue
      const file = { path: entry.logicalKey, below: entry.logicalKey.slice(path.length) }
      const key = problems.collect(entry.logicalKey, () => keyOf(file))
      if (key !== undefined) additions.push(entryAddition(entry, key, wanted))
    }
  }
  if (additions.length > 0 || problems.found) return additions
  throw new QuiltError('not_found', `there is no file below ${path === '' ? 'its root' : path} in ${target.name}`, {
    hint: 'Look with package_browse.',
  })
}

async function localAdditions(
  ctx: ToolContext,
  path: string,
  wanted: WantedEntry,
  { keyOf, warn, problems, rules: { filesStay } }: Keyed,
): Promise<readonly Addition[]> {
  const files = localFilesOf(ctx)
  const place = await files.find(path)
  const addition = (file: Pick<LocalFile, 'real' | 'content'>, key: string): Addition =>
    filesStay ? placedFile(file, key, wanted) : contentAddition(key, { content: file.content, isText: false }, wanted)
  if (place.kind === 'file')
    return [addition({ real: place.path, content: await files.open(path) }, keyOf({ path: place.name }))]
  const additions: Addition[] = []
  const leftOut = new Map<LeftOut, number>()
  const onLeftOut = (reason: LeftOut) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
  for await (const batch of files.list(path, { signal: ctx.signal, onLeftOut })) {
    for (const file of batch) {
      const key = problems.collect(file.path, () => keyOf({ path: file.path, below: file.path }))
      if (key !== undefined) additions.push(addition(file, key))
    }
    ctx.onProgress({ done: additions.length, message: 'Looking at files' })
  }
  if (leftOut.size > 0)
    warn(`left out of ${path}: ${[...leftOut].map(([why, count]) => `${count} ${leftOutWords[why]}`).join(', ')}`)
  if (additions.length > 0 || problems.found) return additions
  throw new QuiltError('invalid_input', `there is no file in ${JSON.stringify(path)} that may be taken`, {
    hint: 'Hidden files and those that .quiltignore names are left out.',
  })
}

const leftOutWords: Readonly<Record<LeftOut, string>> = {
  hidden: 'hidden',
  ignored: 'named by .quiltignore',
  link: 'links to folders, or that lead out',
  closed: 'closed to this server, or no files',
}

function localFilesOf({ localFiles }: ToolContext): LocalFileAccess {
  if (localFiles !== undefined) return localFiles
  throw new QuiltError('unsupported', 'this server reads no files of a machine', {
    hint: 'Only a server that its user runs on their own machine does (stdio, quilt-mcp call), unless --local-files is none. Give text, base64 or a uri instead.',
  })
}

/** A local file that stays where it is: that the call may read it was found out here. */
function placedFile({ real }: Pick<LocalFile, 'real'>, logicalKey: string, { named, userMeta }: WantedEntry): Addition {
  const physicalKey = formatPhysicalKey({ kind: 'file', path: real })
  return {
    logicalKey,
    named,
    entry: (old) => ({ logicalKey, physicalKey, mayReadFile: true, meta: newMeta(old, userMeta) }),
  }
}

function entryAddition({ meta, ...entry }: Entry, logicalKey: string, { named, userMeta }: WantedEntry): Addition {
  const made: Entry = { ...entry, logicalKey, meta: withUserMeta(meta, userMeta) }
  return { logicalKey, named, content: entry, entry: () => made }
}

function contentAddition(
  logicalKey: string,
  { content, isText }: { readonly content: Uint8Array | LocalFile['content']; readonly isText: boolean },
  { named, userMeta }: WantedEntry,
): Addition {
  const contentType = contentTypeOf(logicalKey, { isText })
  return {
    logicalKey,
    named,
    uploadBytes: content instanceof Uint8Array ? content.length : content.size,
    entry: (old) => ({ logicalKey, content, contentType, meta: newMeta(old, userMeta) }),
  }
}

/** What the push has to upload. */
export function uploadsOf(additions: readonly Addition[]): { readonly objects: number; readonly bytes: number } {
  const sizes = additions.flatMap(({ uploadBytes }) => uploadBytes ?? [])
  return { objects: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

/** What an entry keeps of its metadata when its bytes are replaced. */
const newMeta = (existing: Entry | undefined, userMeta: WantedEntry['userMeta']): JsonObject =>
  withUserMeta(existing === undefined ? emptyJsonObject : userPartOf(existing.meta), userMeta)

const relabelled = (existing: Entry | undefined, userMeta: WantedEntry['userMeta']): Entry | undefined =>
  existing && { ...existing, meta: withUserMeta(existing.meta, userMeta) }

const s3Place = ({ bucket, key, versionId }: Extract<EntrySource, { kind: 'object' }>['location']) => ({
  bucket,
  key,
  ...(versionId !== undefined && { versionId }),
})
