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
    logical_key: z.string().describe('path in the package'),
    uri: z.string().optional().describe('s3://bucket/key, or quilt+s3:// file of a package'),
    text: contentField(),
    base64: contentField(),
    metadata: metadataField().describe('of this file'),
  })

export type EntryArgument = z.output<ReturnType<typeof entryField>>

/** Where the bytes of an entry come from. */
export type EntrySource =
  | ({ readonly kind: 'content' } & InlineContent)
  | { readonly kind: 'object'; readonly location: ObjectLocation }
  | { readonly kind: 'file'; readonly package: PackageTarget; readonly path: string }
  /** From where they are: only the metadata is new. */
  | { readonly kind: 'unchanged' }

export interface WantedEntry {
  readonly logicalKey: string
  readonly source: EntrySource
  /** Absent: not said. null or {}: none. */
  readonly userMeta?: JsonObject | null
}

/** Reads the entries of a call; what is wrong with each goes to `problems`. Two entries with one logical key are a problem.
 * @param options `bucket`: of the package, for sources that are named without one; `allowUnchanged`: an entry may have
 *   metadata alone */
export function wantedEntries(
  entries: readonly EntryArgument[],
  options: { readonly bucket: string; readonly allowUnchanged: boolean; readonly problems: Problems },
): readonly WantedEntry[] {
  const seen = new Set<string>()
  return entries.flatMap((entry) => {
    const logicalKey = entry.logical_key
    if (seen.has(logicalKey)) {
      options.problems.add(logicalKey, 'is given twice')
      return []
    }
    seen.add(logicalKey)
    return options.problems.collect(logicalKey, () => [wantedEntry(entry, options)]) ?? []
  })
}

function wantedEntry(
  entry: EntryArgument,
  options: { readonly bucket: string; readonly allowUnchanged: boolean },
): WantedEntry {
  checkLogicalKey(entry.logical_key)
  const userMeta = metadataArgument(entry.metadata)
  return {
    logicalKey: entry.logical_key,
    source: sourceOf(entry, options),
    ...(userMeta !== undefined && { userMeta }),
  }
}

function sourceOf(
  entry: EntryArgument,
  { bucket, allowUnchanged }: { readonly bucket: string; readonly allowUnchanged: boolean },
): EntrySource {
  const content = inlineContent(entry)
  // Beside a uri, empty content is what models send for "not given".
  if (content !== undefined && content.bytes.length > 0 && entry.uri !== undefined)
    throw wrongSource('has both content and a uri')
  if (content !== undefined && entry.uri === undefined) return { kind: 'content', ...content }
  if (entry.uri !== undefined) return referredSource(entry.uri, bucket)
  if (allowUnchanged && entry.metadata !== undefined) return { kind: 'unchanged' }
  throw wrongSource('has no content')
}

function referredSource(uri: string, bucket: string): EntrySource {
  const reference = parseReference(uri)
  if (reference.kind === 'bucket') throw wrongSource('its uri names a bucket, not an object')
  if (reference.kind === 'package') {
    const target = packageTarget(reference, reference.bucket === undefined ? { bucket } : {})
    if (target.path === undefined) throw wrongSource('its uri names a package, not a file of it: add &path=')
    return { kind: 'file', package: target, path: target.path }
  }
  const { kind: _, ...location } = reference
  if (location.key.endsWith('/')) throw wrongSource('its uri names a prefix: name each object')
  return { kind: 'object', location }
}

const wrongSource = (problem: string): QuiltError =>
  new QuiltError('invalid_input', problem, { hint: 'Give each entry uri, text or base64.' })
