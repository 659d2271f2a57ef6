// What a term is in the registry's index (formats.md 6.3): one table of its fields for each thing that is searched.
import { type FieldName, isWordPattern, searchWords, type TextMatch } from '@quilt-mcp/core'
import type { Term } from '../conjuncts.js'
import { inclusiveRange, isoRange } from './inclusive-range.js'
import { keysWithExtension } from './keyword-predicate.js'
import { anyOf, keywordTerm, patternTerm, rangeTerm, saysAll, wordsTerm } from './query-terms.js'

/** A term as the index knows it. */
export interface IndexTerm {
  readonly text: string
  /** Which document of the index it is about: a package has one of its pointer, one of its manifest, one of each file. */
  readonly of: 'pointer' | 'manifest' | 'file' | 'object' | 'any'
  /** Whether it finds what the term means, and no more. */
  readonly exact: boolean
}

/** Says a term, or undefined when the index has nothing for it. */
export type TermWriter = (term: Term) => IndexTerm | undefined

type Kind = 'keyword' | 'words' | 'extension' | 'bytes' | 'date' | 'boolean'
interface IndexField {
  readonly name: string
  readonly kind: Kind
  readonly of: IndexTerm['of']
}
type IndexFields = { readonly [field in FieldName]?: IndexField }

const objectFields: IndexFields = {
  key: { name: 'key', kind: 'keyword', of: 'object' },
  ext: { name: 'ext', kind: 'extension', of: 'object' },
  content: { name: 'content', kind: 'words', of: 'object' },
  size: { name: 'size', kind: 'bytes', of: 'object' },
  modified: { name: 'last_modified', kind: 'date', of: 'object' },
  deleted: { name: 'delete_marker', kind: 'boolean', of: 'object' },
}
const packageFields: IndexFields = {
  name: { name: 'ptr_name', kind: 'keyword', of: 'pointer' },
  modified: { name: 'ptr_last_modified', kind: 'date', of: 'pointer' },
  comment: { name: 'mnfst_message', kind: 'words', of: 'manifest' },
  meta: { name: 'mnfst_metadata', kind: 'words', of: 'manifest' },
  hash: { name: 'mnfst_hash', kind: 'keyword', of: 'manifest' },
  workflow: { name: 'mnfst_workflow.id', kind: 'keyword', of: 'manifest' },
  size: { name: 'mnfst_stats.total_bytes', kind: 'bytes', of: 'manifest' },
  entries: { name: 'mnfst_stats.total_files', kind: 'bytes', of: 'manifest' },
  key: { name: 'entry_lk', kind: 'keyword', of: 'file' },
  ext: { name: 'entry_lk', kind: 'extension', of: 'file' },
}
const entryFields: IndexFields = {
  key: { name: 'entry_lk', kind: 'keyword', of: 'file' },
  ext: { name: 'entry_lk', kind: 'extension', of: 'file' },
  size: { name: 'entry_size', kind: 'bytes', of: 'file' },
  meta: { name: 'entry_metadata', kind: 'words', of: 'file' },
}

/** Terms about objects. */
export const objectTerm = (nowMs: number): TermWriter =>
  termWriter(objectFields, nowMs, (match) => ({
    text: wordsAnywhere(match, ['key']),
    of: 'object',
    exact: saysAll(match),
  }))

/** Terms about packages. */
export const packageTerm = (nowMs: number): TermWriter =>
  termWriter(packageFields, nowMs, (match) => ({
    text: wordsAnywhere(match, ['ptr_name', 'entry_lk']),
    of: 'any',
    exact: saysAll(match),
  }))

/** Terms about the files of packages. */
export const entryTerm = (nowMs: number): TermWriter =>
  termWriter(entryFields, nowMs, (match) => ({
    text: isOfKeys(match)
      ? wordsAnywhere(match, ['entry_lk'])
      : anyOf([wordsTerm(match, 'entry_lk.text'), wordsTerm(match, 'entry_metadata')]),
    of: 'file',
    exact: saysAll(match),
  }))

function termWriter(fields: IndexFields, nowMs: number, words: (match: TextMatch) => IndexTerm): TermWriter {
  return (term) => {
    if (term.kind === 'text') return words(term.match)
    const field = fields[term.field]
    if (field === undefined) return undefined
    const { match } = term
    const exactly = (text: string): IndexTerm => ({ text, of: field.of, exact: true })
    switch (match.by) {
      case 'exists':
        return exactly(existsTerm(field))
      case 'boolean':
        return exactly(`${field.name}:${match.value}`)
      case 'range': {
        if (field.kind !== 'bytes' && field.kind !== 'date') return undefined
        const range = inclusiveRange(match, { whole: true, nowMs })
        if (range === undefined) return undefined
        return exactly(rangeTerm(field.name, range.scale === 'date' ? isoRange(range) : range))
      }
      default:
        if (term.path !== undefined) return valueInMetadata(field, match)
        return { text: textTerm(field, match), of: field.of, exact: isExact(field, match) }
    }
  }
}

function textTerm(field: IndexField, match: TextMatch): string {
  if (field.kind === 'extension') return extensionTerm(field, match)
  return field.kind === 'words' ? wordsTerm(match, field.name) : keywordTerm(field.name, match)
}

/** What the registry takes for words may have other characters than ours. */
const isExact = ({ kind }: IndexField, match: TextMatch): boolean =>
  saysAll(match) && !(kind === 'words' && isOfKeys(match))

/** A pattern with other characters than letters and digits fits a whole key or name, or the last parts of one. */
function wordsAnywhere(match: TextMatch, keyFields: readonly string[]): string {
  if (match.by !== 'wildcard' || !isOfKeys(match)) return wordsTerm(match)
  const text = patternTerm(match.pattern)
  return anyOf(keyFields.flatMap((field) => [`${field}:${text}`, `${field}:*\\/${text}`]))
}

const isOfKeys = (match: TextMatch): boolean => match.by === 'wildcard' && !isWordPattern(match.pattern)

function existsTerm({ name, kind }: IndexField): string {
  if (kind !== 'extension') return `_exists_:${name}`
  return name === 'ext' ? 'ext:?*' : `${name}:*.?*`
}

/** Both spellings of an extension; one of several parts, and that of a key, is the end of the key. */
function extensionTerm({ name }: IndexField, match: TextMatch): string {
  const lower = lowerCased(match)
  const keys = [lower, upperCased(match)].map((one) =>
    keywordTerm(name === 'ext' ? 'key' : name, keysWithExtension(one)),
  )
  if (name !== 'ext') return anyOf([...new Set(keys)])
  if (lower.by !== 'wildcard') {
    const spellings = [quotedExt(`.${lower.text}`), quotedExt(lower.text)]
    return anyOf(lower.text.includes('.') ? [...spellings, ...new Set(keys)] : spellings)
  }
  const dotted: TextMatch = { by: 'wildcard', pattern: ['.', ...lower.pattern] }
  return anyOf([keywordTerm('ext', dotted), keywordTerm('ext', lower)])
}

const quotedExt = (text: string): string => keywordTerm('ext', { by: 'word', text })
const lowerCased = (match: TextMatch): TextMatch => recased(match, (text) => text.toLowerCase())
const upperCased = (match: TextMatch): TextMatch => recased(match, (text) => text.toUpperCase())

function recased(match: TextMatch, change: (text: string) => string): TextMatch {
  if (match.by !== 'wildcard') return { ...match, text: change(match.text) }
  return { by: 'wildcard', pattern: match.pattern.map((part) => (typeof part === 'string' ? change(part) : part)) }
}

/** A value of one place is somewhere in the metadata, which is all that can be said of it here: numbers may be written in several ways. */
function valueInMetadata(field: IndexField, match: TextMatch): IndexTerm | undefined {
  if (match.by === 'wildcard' || searchWords(match.text).length === 0 || !Number.isNaN(Number(match.text)))
    return undefined
  return { text: wordsTerm({ by: 'phrase', text: match.text }, field.name), of: field.of, exact: false }
}
