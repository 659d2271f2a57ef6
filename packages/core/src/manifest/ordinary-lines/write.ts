// Writes entries as lines without looking at their texts, then reads the lines: when each is ordinary and its fields have
// the lengths of the entry's texts, nothing in them needed an escape.
import { encodeManifestJson } from '../../json/encode.js'
import type { Entry } from '../entry.js'
import { keyBytesOf } from '../key-bytes.js'
import {
  fieldsInLine,
  flagsAt,
  hashTypeEndAt,
  hashTypeFromAt,
  hashValueEndAt,
  hashValueFromAt,
  keyEndAt,
  keyFromAt,
  notAsciiFlag,
  physicalKeyEndAt,
  physicalKeyFromAt,
} from './line-fields.js'
import { workbench } from './module.js'
import { type OrdinaryLines, visitLines } from './visit.js'

/**
 * The lines of entries. Undefined when one of them is not ordinary, holds characters outside ASCII, or does not come
 * behind the one before in tree order: then each must be looked at.
 * @param after the key behind which they shall come @throws {QuiltError} as `encodeManifestJson`, for metadata
 */
export function ordinaryLines(after: string | undefined, entries: readonly Entry[]): Uint8Array | undefined {
  const afterBytes = after === undefined ? undefined : keyBytesOf(after)
  const { previous } = workbench()
  if (after !== undefined && (afterBytes === undefined || afterBytes.length > previous.length)) return undefined
  let text = ''
  for (const { logicalKey, physicalKey, size, hash, meta, unknown } of entries) {
    if (unknown !== undefined) return undefined
    const metaText = meta.size === 0 ? '{}' : encodeManifestJson(meta)
    text += `{"logical_key": "${logicalKey}", "physical_keys": ["${physicalKey}"], "size": ${size}, "hash": {"type": "${hash.type}", "value": "${hash.value}"}, "meta": ${metaText}}\n`
  }
  const bytes = Buffer.from(text, 'utf8')
  let read = 0
  let isSame = true
  let last = afterBytes
  visitLines(
    { bytes, endsOpen: false },
    {
      ordinary(lines) {
        if (last !== undefined) previous.set(last)
        isSame &&= lines.bench.calls.noteKeys(lines.count, last?.length ?? -1) === lines.count
        isSame &&= haveTexts(lines, entries, read)
        read += lines.count
        last = keyBytesOf(entries[read - 1]?.logicalKey ?? '')
      },
      other() {
        isSame = false
      },
    },
    { maxRecordBytes: Number.POSITIVE_INFINITY, place: { line: 1, offset: 0 } },
  )
  return isSame && read === entries.length ? bytes : undefined
}

/** Whether the texts of lines are as long as those of the entries from number `first` on. */
function haveTexts({ count, bench: { fields } }: OrdinaryLines, entries: readonly Entry[], first: number): boolean {
  for (let line = 0; line < count; line++) {
    const entry = entries[first + line]
    const record = line * fieldsInLine
    const length = (from: number, end: number): number => (fields[record + end] ?? 0) - (fields[record + from] ?? 0)
    if (
      entry === undefined ||
      ((fields[record + flagsAt] ?? 0) & notAsciiFlag) !== 0 ||
      length(keyFromAt, keyEndAt) !== entry.logicalKey.length ||
      length(physicalKeyFromAt, physicalKeyEndAt) !== entry.physicalKey.length ||
      length(hashTypeFromAt, hashTypeEndAt) !== entry.hash.type.length ||
      length(hashValueFromAt, hashValueEndAt) !== entry.hash.value.length
    )
      return false
  }
  return true
}
