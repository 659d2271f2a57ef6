// Whether a text, or a whole value, is what a term asks for.
import type { PatternPart, TextMatch } from '../query/ast.js'
import { anyNumber, fitsWildcards, type Wildcard } from '../wildcards.js'
import { fileExtension, fileName } from './file-extension.js'
import { foldText, searchWords } from './words.js'

/** Whether a text has the words of a term one after the other, or one word that fits its pattern. */
export function textHolds(text: string, match: TextMatch): boolean {
  const words = searchWords(text)
  if (match.by === 'wildcard') {
    return isWordPattern(match.pattern) && words.some((word) => fitsPattern(word, match.pattern))
  }
  return indexOfWords(words, searchWords(match.text)) !== undefined
}

/** Where words stand one after the other among others. Undefined: nowhere, or there are none to look for. */
export function indexOfWords(words: readonly string[], wanted: readonly string[]): number | undefined {
  if (wanted.length === 0) return undefined
  const at = words.findIndex((_, from) => wanted.every((one, index) => words[from + index] === one))
  return at === -1 ? undefined : at
}

/** Whether a pattern can be part of one word: of letters, marks, digits and wildcards only. Else whole names and keys fit it. */
export function isWordPattern(pattern: readonly PatternPart[]): boolean {
  return pattern.every((part) => typeof part !== 'string' || searchWords(part)[0] === foldText(part))
}

/** Whether the whole of a value fits a pattern, in any case. */
export function fitsPattern(value: string, pattern: readonly PatternPart[]): boolean {
  const places = pattern.flatMap((part): readonly Wildcard<string>[] => {
    if (typeof part !== 'string') return [part.any === 'many' ? anyNumber : () => true]
    return Array.from(foldText(part), (one) => (character: string) => character === one)
  })
  return fitsWildcards(places, Array.from(foldText(value)))
}

/** Whether the whole of a value is what a term asks for, in any case. */
export function keywordMatches(value: string, match: TextMatch): boolean {
  if (match.by === 'wildcard') return fitsPattern(value, match.pattern)
  return foldText(value) === foldText(match.text)
}

/** Whether a pattern of more than a word fits a whole key, or the last parts of it. */
export function keyFitsPattern(key: string, pattern: readonly PatternPart[]): boolean {
  return !isWordPattern(pattern) && [...tailsOf(key)].some((tail) => fitsPattern(tail, pattern))
}

function* tailsOf(key: string): Generator<string> {
  yield key
  for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1)) yield key.slice(at + 1)
}

/** Whether a file has an extension: one with a dot inside (`csv.gz`) is the end of the file's name. */
export function extensionMatches(key: string, match: TextMatch): boolean {
  if (match.by === 'wildcard') {
    const pattern = withoutDot(match.pattern)
    if (pattern.some((part) => typeof part === 'string' && part.includes('.'))) {
      return fitsPattern(fileName(key), [{ any: 'many' }, '.', ...pattern])
    }
    const extension = fileExtension(key)
    return extension !== undefined && fitsPattern(extension, pattern)
  }
  const wanted = foldText(match.text).replace(/^\./, '')
  if (wanted.includes('.')) return foldText(fileName(key)).endsWith(`.${wanted}`)
  return fileExtension(key) === wanted
}

function withoutDot([first, ...rest]: readonly PatternPart[]): readonly PatternPart[] {
  if (first === undefined) return rest
  return [typeof first === 'string' ? first.replace(/^\./, '') : first, ...rest]
}
