// Metadata as an argument, and how it changes what is there. Nothing is lost on the way: `1.0` stays a float, keys keep
// their order (formats.md 3.3, 3.4).
import {
  emptyJsonObject,
  fromPlain,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
  QuiltError,
} from '@quilt-mcp/core'
import { z } from 'zod'

/** The input field of metadata: an object, the same as JSON text, or null for none. */
export const metadataField = () => z.union([z.record(z.string(), z.unknown()), z.string(), z.null()]).optional()

export type MetadataArgument = z.output<ReturnType<typeof metadataField>>

/** The value as lossless JSON; undefined when it is not given.
 * @throws {QuiltError} `invalid_input` when it is neither an object nor null */
export function metadataArgument(value: MetadataArgument): JsonObject | null | undefined {
  if (value === undefined || value === null) return value
  const json = typeof value === 'string' ? parseJson(value) : fromPlain(value)
  if (json === null || isJsonObject(json)) return json
  throw new QuiltError('invalid_input', 'metadata is not a JSON object', {
    hint: 'Pass an object, the text of one, or null.',
    details: { argument: 'metadata' },
  })
}

/** Applies a JSON Merge Patch (RFC 7396): members of the patch replace, null removes, objects are merged. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch
  const merged = new Map<string, Json>(isJsonObject(target) ? target : [])
  for (const [key, value] of patch) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergePatch(merged.get(key), value))
  }
  return merged.size === 0 ? emptyJsonObject : merged
}

/** The full metadata of an entry with other user metadata; null and {} remove it, undefined keeps what is there. */
export function withUserMeta(meta: JsonObject, userMeta: JsonObject | null | undefined): JsonObject {
  if (userMeta === undefined) return meta
  const changed = new Map<string, Json>(meta)
  if (userMeta === null || userMeta.size === 0) changed.delete('user_meta')
  else changed.set('user_meta', userMeta)
  return changed.size === 0 ? emptyJsonObject : changed
}

/** What an entry keeps of its metadata when its bytes are replaced: the user's part. The rest described the old bytes. */
export function userPartOf(meta: JsonObject): JsonObject {
  const userMeta = meta.get('user_meta')
  return userMeta === undefined ? emptyJsonObject : new Map([['user_meta', userMeta]])
}
