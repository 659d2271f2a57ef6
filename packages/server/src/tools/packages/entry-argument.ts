// What a call wants in a package: the checked form of its `entries` or `add` argument. Nothing is asked of anybody yet.
import type { ObjectLocation } from '@quilt-mcp/backends'
import { checkLogicalKey, type JsonObject, parseReference, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { contentField } from '../../mcp/content-field.js'
import { type InlineContent, inlineContent } from '../inline-content.js'
import { metadataArgument, metadataField } from './metadata.js'
import { type PackageTarget, packageTarget } from './package-argument.js'
import type { Problems } from './problems.js'

/** The schema of one entry. */
export const entryField = () =>
  z.strictObject({
    logical_key: z.string().optional().describe('path in the package; ending in /: directory; default by keys'),
    uri: z.string().optional().describe('s3://bucket/key; quilt+s3:// file, directory (&path=d/) or whole package'),
    local_path: z.string().optional().describe('file or folder'),
    text: contentField(),
    base64: contentField(),
    metadata: metadataField().describe('of each file'),
  })

export type EntryArgument = z.output<ReturnType<typeof entryField>>

/** Where the bytes of an entry come from. */
export type EntrySource =
  | ({ readonly kind: 'content' } & InlineContent)
  | { readonly kind: 'object'; readonly location: ObjectLocation }
  | { readonly kind: 'file'; readonly package: PackageTarget; readonly path: string }
  /** All files of a package below a directory; `path` ends in a slash, or is empty. */
  | { readonly kind: 'directory'; readonly package: PackageTarget; readonly path: string }
  /** A file or a folder of this machine. */
  | { readonly kind: 'local'; readonly path: string }
  /** From where they are: only the metadata is new. */
  | { readonly kind: 'unchanged' }

export interface WantedEntry {
  /** Where it shall be: a path, or a directory with a trailing slash. Absent: by the rule for keys. */
  readonly logicalKey?: string
  readonly source: EntrySource
  /** The source in the words of the call. */
  readonly named: string
  /** Absent: not said. null or {}: none. */
  readonly userMeta?: JsonObject | null
}

export interface EntryReading {
  /** Of the package, for sources that are named without one. */
  readonly bucket: string
  /** Whether an entry may have metadata alone. */
  readonly allowUnchanged: boolean
}

/** Reads the entries of a call; what is wrong with each goes to `problems`. */
export function wantedEntries(
  entries: readonly EntryArgument[],
  reading: EntryReading & { readonly problems: Problems },
): readonly WantedEntry[] {
  return entries.flatMap((entry, index) => {
    const path = entry.logical_key ?? entry.uri ?? entry.local_path ?? `entry ${index + 1}`
    return reading.problems.collect(path, () => [wantedEntry(entry, reading)]) ?? []
  })
}

function wantedEntry(entry: EntryArgument, reading: EntryReading): WantedEntry {
  const { logical_key: logicalKey } = entry
  if (logicalKey !== undefined) checkLogicalKey(logicalKey.replace(/(?<=[^/])\/$/, ''))
  const source = sourceOf(entry, reading)
  const hasNoName = source.kind === 'content' || source.kind === 'unchanged'
  if (hasNoName && (logicalKey === undefined || logicalKey.endsWith('/'))) {
    throw wrongSource('has no path of a file', 'Give it logical_key: the path of the file in the package.')
  }
  const userMeta = metadataArgument(entry.metadata)
  return {
    ...(logicalKey !== undefined && { logicalKey }),
    source,
    named: entry.uri ?? entry.local_path ?? (source.kind === 'content' ? 'inline content' : 'new metadata'),
    ...(userMeta !== undefined && { userMeta }),
  }
}

const howToGive = 'Give each entry one of uri, local_path, text and base64.'

function sourceOf(entry: EntryArgument, { bucket, allowUnchanged }: EntryReading): EntrySource {
  const { uri, local_path: path } = entry
  const content = inlineContent(entry)
  if (uri !== undefined && path !== undefined) throw wrongSource('has both a uri and a local_path')
  const referred = uri ?? path
  // Beside a reference, empty content is what models send for "not given".
  if (content !== undefined && content.bytes.length > 0 && referred !== undefined)
    throw wrongSource(`has both content and a ${uri === undefined ? 'local_path' : 'uri'}`)
  if (path !== undefined) return { kind: 'local', path }
  if (uri !== undefined) return /^file:/i.test(uri) ? { kind: 'local', path: uri } : referredSource(uri, bucket)
  if (content !== undefined) return { kind: 'content', ...content }
  if (allowUnchanged && entry.metadata !== undefined) return { kind: 'unchanged' }
  throw wrongSource('has no content')
}

function referredSource(uri: string, bucket: string): EntrySource {
  const reference = parseReference(uri)
  if (reference.kind === 'bucket') throw wrongSource('its uri names a bucket, not an object', expandsElsewhere)
  if (reference.kind === 'package') {
    const target = packageTarget(reference, reference.bucket === undefined ? { bucket } : {})
    if (target.path === undefined) return { kind: 'directory', package: target, path: '' }
    const isDirectory = reference.path?.endsWith('/') === true
    return isDirectory
      ? { kind: 'directory', package: target, path: `${target.path}/` }
      : { kind: 'file', package: target, path: target.path }
  }
  const { kind: _, ...location } = reference
  if (location.key.endsWith('/'))
    throw wrongSource('its uri names a prefix, or the empty object that marks a directory', expandsElsewhere)
  return { kind: 'object', location }
}

const expandsElsewhere = 'Name each object; package_create_from_s3 makes a package of all below a prefix.'

const wrongSource = (problem: string, hint = howToGive): QuiltError =>
  new QuiltError('invalid_input', problem, { hint })
