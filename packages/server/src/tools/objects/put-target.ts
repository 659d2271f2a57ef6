// What one object is to become: where it goes, what it holds, what is there now.
import { createHash } from 'node:crypto'
import type { ContentSource, ObjectInfo, ObjectLocation } from '@quilt-mcp/backends'
import { formatPhysicalKey, QuiltError } from '@quilt-mcp/core'
import type { ToolContext } from '../../mcp/define-tool.js'
import { contentTypeOf, inlineContent } from '../inline-content.js'
import { objectArgument } from './object-argument.js'

export interface PlaceArguments {
  readonly uri?: string | undefined
  readonly bucket?: string | undefined
  readonly key?: string | undefined
}

export interface ContentArguments {
  readonly text?: string | undefined
  readonly base64?: string | undefined
  readonly local_path?: string | undefined
  readonly content_type?: string | undefined
}

/** One object to be written. */
export interface PutTarget {
  readonly location: ObjectLocation
  readonly content: Uint8Array | ContentSource
  readonly contentType: string
}

/** Where an object goes. @throws {QuiltError} `invalid_input` for what is no place for one */
export function destination(input: PlaceArguments): ObjectLocation {
  const target = objectArgument(input)
  if (target.kind === 'entry') {
    throw new QuiltError('invalid_input', 'a package is not changed by writing an object', {
      hint: 'Use package_update with an entry that has text or base64.',
      nextTools: ['package_update'],
    })
  }
  const { key, versionId } = target.location
  if (versionId === undefined && !key.endsWith('/')) return target.location
  const wrong = versionId === undefined ? 'the key ends in "/"' : 'a version cannot be written'
  throw new QuiltError('invalid_input', wrong, {
    hint: 'Name the object to write: bucket and key, without versionId and without "/" at the end.',
  })
}

/** @throws {QuiltError} `invalid_input` when there is no content, or more than one; what opening the file throws */
export async function putTarget(
  { localFiles }: Pick<ToolContext, 'localFiles'>,
  location: ObjectLocation,
  input: ContentArguments,
): Promise<PutTarget> {
  const inline = inlineContent(input)
  const { local_path: path } = input
  if (path !== undefined && inline !== undefined && inline.bytes.length > 0) {
    throw new QuiltError('invalid_input', 'both local_path and content are given', { hint: 'Pass one of them.' })
  }
  const contentType =
    input.content_type ?? contentTypeOf(location.key, { isText: path === undefined && inline?.isText === true })
  if (path !== undefined) {
    if (localFiles === undefined) throw readsNoFiles()
    return { location, content: await localFiles.open(path), contentType }
  }
  if (inline !== undefined) return { location, content: inline.bytes, contentType }
  throw new QuiltError('invalid_input', 'there is no content', {
    hint: 'Pass text, base64 or local_path.',
  })
}

function readsNoFiles(): QuiltError {
  return new QuiltError('unsupported', 'this server reads no local files', {
    hint: 'Pass text or base64; for a large file call with link: true and its size, and upload it by the link.',
    nextTools: ['object_put'],
  })
}

/** The object that is there now, if one is. `unknown`: the caller may write, but not look. */
export async function current(
  { backend, signal }: Pick<ToolContext, 'backend' | 'signal'>,
  location: ObjectLocation,
): Promise<ObjectInfo | 'unknown' | undefined> {
  try {
    return await backend.objects.info(location, { signal })
  } catch (error) {
    if (!(error instanceof QuiltError)) throw error
    if (error.code === 'not_found') return undefined
    if (error.code === 'forbidden' && (await backend.identity({ signal })).objectAccess === 'browse-only')
      return 'unknown'
    throw error
  }
}

/** Tells this content from another, for a confirmation. */
export const contentDigest = (content: PutTarget['content']): string =>
  content instanceof Uint8Array
    ? createHash('sha256').update(content).digest('hex')
    : (content.fingerprint ?? String(content.size))

export const contentBytes = (content: PutTarget['content']): number =>
  content instanceof Uint8Array ? content.byteLength : content.size

export const uriOf = ({ bucket, key, versionId }: ObjectLocation): string =>
  formatPhysicalKey({ kind: 's3', bucket, key, ...(versionId !== undefined && { versionId }) })
