// What a registry would find of a document: its query strings and filters, plainly.
import { fileExtension, metaValues, metaWordsText, type SearchDocument } from '@quilt-mcp/core'
import type {
  BooleanPredicate,
  KeywordPredicate,
  ObjectsAsked,
  PackagesAsked,
  TextPredicate,
  UserMetaPredicate,
} from '../../../registry-api/search-input.js'
import { type FieldValues, type IndexDocument, readQueryString } from './query-string-reader.js'

const some = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value])

function objectIndex({ key = '', size = 0, modifiedMs = 0, deleted, content }: SearchDocument): IndexDocument {
  const fields: Readonly<Record<string, FieldValues>> = {
    key: { kind: 'keyword', values: [key] },
    ext: { kind: 'keyword', values: some(fileExtension(key)).map((ext) => `.${ext}`) },
    content: { kind: 'words', values: some(content) },
    size: { kind: 'number', values: [size] },
    last_modified: { kind: 'date', values: [modifiedMs] },
    delete_marker: { kind: 'keyword', values: [String(deleted)] },
  }
  return { field: (name) => fields[name], all: [key, ...some(content)] }
}

function packageIndex(document: SearchDocument): IndexDocument {
  const { name = '', comment, meta, size = 0, modifiedMs = 0, entries = 0, hash = '', workflow, files = [] } = document
  const texts = { meta: metaWordsText(meta), comment: comment ?? '' }
  const fields: Readonly<Record<string, FieldValues>> = {
    ptr_name: { kind: 'keyword', values: [name] },
    ptr_last_modified: { kind: 'date', values: [modifiedMs] },
    mnfst_message: { kind: 'words', values: some(comment ?? undefined) },
    mnfst_metadata: { kind: 'words', values: meta === undefined ? [] : [texts.meta] },
    mnfst_hash: { kind: 'keyword', values: [hash] },
    'mnfst_workflow.id': { kind: 'keyword', values: some(workflow) },
    'mnfst_stats.total_bytes': { kind: 'number', values: [size] },
    'mnfst_stats.total_files': { kind: 'number', values: [entries] },
    entry_lk: { kind: 'keyword', values: files },
  }
  return { field: (one) => fields[one], all: [name, texts.comment, texts.meta, workflow ?? '', ...files] }
}

function entryIndex({ key = '', size = 0, meta }: SearchDocument): IndexDocument {
  const words = metaWordsText(meta)
  const fields: Readonly<Record<string, FieldValues>> = {
    entry_lk: { kind: 'keyword', values: [key] },
    'entry_lk.text': { kind: 'words', values: [key] },
    entry_size: { kind: 'number', values: [size] },
    entry_metadata: { kind: 'words', values: meta === undefined ? [] : [words] },
  }
  return { field: (name) => fields[name], all: [key, words] }
}

/** A document as the registry has it in its index. */
export const indexed = { objects: objectIndex, packages: packageIndex, entries: entryIndex } as const

type Predicate = NonNullable<ObjectsAsked['filter'] | PackagesAsked['filter']>[never]

/** Whether a document passes a filter of the registry. */
export function passes(field: string, predicate: Predicate | object | null, document: SearchDocument): boolean {
  if (predicate === null) return true
  const { name, key = '', hash, workflow, comment, content, size, entries, modifiedMs = 0, deleted } = document
  if ('terms' in predicate) {
    const texts: Readonly<Record<string, string | undefined>> = { name, key, hash, workflow, ext: fileExtension(key) }
    return passesKeyword(predicate as KeywordPredicate, texts[field] ?? '')
  }
  if ('queryString' in predicate)
    return passesText(predicate as TextPredicate, (field === 'comment' ? comment : content) ?? '')
  if ('true' in predicate) return passesBoolean(predicate as BooleanPredicate, deleted ?? false)
  const numbers: Readonly<Record<string, number | undefined>> = { size, entries, modified: modifiedMs }
  return passesRange(predicate, numbers[field] ?? 0)
}

/** Whether its metadata passes a filter. */
export function passesMeta(
  { path, keyword, text, number, datetime, boolean }: UserMetaPredicate,
  { meta }: SearchDocument,
): boolean {
  return metaValues(meta)
    .filter((value) => value.path === path)
    .some(({ type, number: point = 0, text: value = '' }) => {
      if (type === 'keyword') return keyword !== null && passesKeyword(keyword, value)
      if (type === 'text') return text !== null && passesText(text, value)
      if (type === 'boolean') return boolean !== null && passesBoolean(boolean, point === 1)
      const range = type === 'number' ? number : datetime
      return range !== null && passesRange(range, point)
    })
}

function passesKeyword({ terms: values, wildcard }: KeywordPredicate, value: string): boolean {
  if (value === '') return false
  if (values !== null) return values.some((one) => one.toLowerCase() === value.toLowerCase())
  const pattern = (wildcard ?? '').replace(/\\?[\s\S]/gu, (part) =>
    part === '*' ? '.*' : part === '?' ? '.' : part.replace(/^\\/, '').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'),
  )
  return new RegExp(`^${pattern}$`, 'isu').test(value)
}

const passesText = ({ queryString }: TextPredicate, text: string): boolean =>
  readQueryString(queryString)({ field: () => undefined, all: text === '' ? [] : [text] })

const passesBoolean = (predicate: BooleanPredicate, value: boolean): boolean =>
  value ? predicate.true : predicate.false

function passesRange(range: object, value: number): boolean {
  const { gte, lte }: { gte?: number | string | null; lte?: number | string | null } = range
  const at = (bound: number | string): number => (typeof bound === 'string' ? Date.parse(bound) : bound)
  return (gte == null || value >= at(gte)) && (lte == null || value <= at(lte))
}
