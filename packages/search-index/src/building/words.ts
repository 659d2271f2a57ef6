// Keys, text and metadata as the tables hold them (decision 0012).
import {
  encodeJson,
  fileExtension,
  foldText,
  isJsonObject,
  type Json,
  metaValues,
  metaWordsText,
  QuiltError,
  searchWords,
  toPlain,
} from '@quilt-mcp/core'
import type { Row, Value } from './insert.js'

export const wordsOf = (text: string): string => searchWords(text).join(' ')

/** Null when it is the key itself. */
export function foldedOf(key: string): string | null {
  const folded = foldText(key)
  return folded === key ? null : folded
}

export const extensionOf = (key: string): string | null => fileExtension(key) ?? null

/** The extension where it is one word, and so a word of the file's name. */
export const extensionWord = (ext: string | null): string | null =>
  ext !== null && (/^[a-z0-9]+$/.test(ext) || wordsOf(ext) === ext) ? ext : null

export const lastPartOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1)

/** Metadata as JSON text. Old manifests hold NaN, which JSON cannot say: it becomes text. */
export function jsonText(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null
  try {
    return encodeJson(value)
  } catch (error) {
    if (error instanceof QuiltError) return JSON.stringify(toPlain(value))
    throw error
  }
}

/** Whether user metadata says anything. */
export const hasMembers = (userMeta: Json | undefined): boolean => isJsonObject(userMeta) && userMeta.size > 0

export const metaWords = (userMeta: Json | undefined): Value =>
  userMeta === undefined || userMeta === null ? null : wordsOf(metaWordsText(userMeta))

/** Rows of typed values of their owner: owner, place, path, type, number, text. */
export function valueRows(owner: number, userMeta: Json | undefined): Row[] {
  if (userMeta === undefined || userMeta === null) return []
  return metaValues(userMeta).map(({ path, type, number, text }, place) => [
    owner,
    place,
    path,
    type,
    number ?? null,
    text === undefined ? null : type === 'text' ? wordsOf(text) : foldText(text),
  ])
}
