// One line of a manifest: from its JSON to an entry or a directory, and back (formats.md 2.3, 2.4, 2.6).
import { QuiltError } from '../errors.js'
import { encodeManifestJson as text } from '../json/encode.js'
import { emptyJsonObject, isJsonArray, isJsonObject, type Json, JsonNumber, type JsonObject } from '../json/value.js'
import type { DirectoryMeta, Entry, ObjectHash } from './entry.js'

const entryKeys = new Set(['logical_key', 'physical_keys', 'size', 'hash', 'meta'])

/** What a line after the header is. */
export type ManifestRecord = { readonly entry: Entry } | { readonly directory: DirectoryMeta }

/**
 * Reads a line after the header. Without physical key it is about a directory. Of several physical keys the first
 * counts; `meta: null` is read as empty.
 * @throws {QuiltError} `upstream` when it is neither; the reader adds the line's number and what to do
 */
export function recordFrom(line: Json): ManifestRecord {
  if (!isJsonObject(line)) throw damaged('it is not an object')
  const logicalKey = line.get('logical_key')
  if (typeof logicalKey !== 'string') throw damaged('it has no logical_key')
  const physicalKeys = line.get('physical_keys')
  if (physicalKeys === undefined || physicalKeys === null || (isJsonArray(physicalKeys) && physicalKeys.length === 0)) {
    return { directory: { logicalKey, meta: line.get('meta') ?? null } }
  }
  const physicalKey = isJsonArray(physicalKeys) ? physicalKeys[0] : undefined
  if (typeof physicalKey !== 'string') throw damaged('physical_keys holds no URL')
  const entry = {
    logicalKey,
    physicalKey,
    size: sizeFrom(line.get('size')),
    hash: hashFrom(line.get('hash')),
    meta: metaFrom(line.get('meta')),
  }
  const unknown = line.size === entryKeys.size ? undefined : unknownKeys(line)
  return { entry: unknown === undefined ? entry : { ...entry, unknown } }
}

function sizeFrom(size: Json | undefined): number {
  const bytes = size instanceof JsonNumber && size.isInteger ? size.toNumber() : Number.NaN
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw damaged('size is not a number of bytes')
  return bytes
}

function hashFrom(hash: Json | undefined): ObjectHash {
  const type = isJsonObject(hash) ? hash.get('type') : undefined
  const value = isJsonObject(hash) ? hash.get('value') : undefined
  if (typeof type !== 'string' || typeof value !== 'string') throw damaged('hash has no type and value')
  // A further member would count in the top hash, and an entry has no room for it.
  if (isJsonObject(hash) && hash.size > 2) throw damaged('hash has more than type and value')
  return { type, value }
}

function metaFrom(meta: Json | undefined): JsonObject {
  if (meta === null) return emptyJsonObject
  if (!isJsonObject(meta)) throw damaged('meta is not an object')
  return meta
}

function unknownKeys(line: JsonObject): JsonObject | undefined {
  const unknown = new Map([...line].filter(([key]) => !entryKeys.has(key)))
  return unknown.size === 0 ? undefined : unknown
}

function damaged(reason: string): QuiltError {
  return new QuiltError('upstream', reason, { retryable: false })
}

/**
 * An entry as its line, without the line's end; unknown keys come last.
 * @throws {QuiltError} `invalid_input` for what a manifest cannot hold
 */
export function entryLine(entry: Entry): string {
  checkSize(entry)
  const { logicalKey, physicalKey, size, hash, meta, unknown } = entry
  const more =
    unknown === undefined ? '' : [...unknown].map(([key, value]) => `, ${text(key)}: ${text(value)}`).join('')
  const hashText = `{"type": ${text(hash.type)}, "value": ${text(hash.value)}}`
  const keys = `"logical_key": ${text(logicalKey)}, "physical_keys": [${text(physicalKey)}]`
  return `{${keys}, "size": ${size}, "hash": ${hashText}, "meta": ${text(meta)}${more}}`
}

/** @throws {QuiltError} `invalid_input` when the size of an entry is not a whole number of bytes */
export function checkSize({ logicalKey, size }: Entry): void {
  if (Number.isSafeInteger(size) && size >= 0) return
  throw new QuiltError('invalid_input', `the size of ${JSON.stringify(logicalKey)} is not a number of bytes`, {
    hint: 'Give the length of the object as a whole number.',
  })
}

/** A directory as its line. Undefined when its metadata is empty to Python (`{}`, `null`, `[]`, `""`, `0`, `false`). */
export function directoryLine({ logicalKey, meta }: DirectoryMeta): string | undefined {
  return isEmptyMeta(meta) ? undefined : `{"logical_key": ${text(logicalKey)}, "meta": ${text(meta)}}`
}

/** Whether metadata of a directory is empty to Python: then no line is written for it. */
export function isEmptyMeta(meta: Json): boolean {
  if (isJsonArray(meta)) return meta.length === 0
  if (isJsonObject(meta)) return meta.size === 0
  if (meta instanceof JsonNumber) return meta.toNumber() === 0
  return meta === null || meta === false || meta === ''
}
