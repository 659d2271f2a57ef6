// YAML as quilt3 and the catalog write it (formats.md 8.1): 1.1, where yes and on are booleans, and y is not.
import { type CollectionTag, type ParsedNode, parseDocument, type ScalarTag } from 'yaml'
import { QuiltError } from '../errors.js'
import { fromPlain } from '../json/plain.js'
import { type Json, maxJsonDepth, tooDeep } from '../json/value.js'

const boolTag = 'tag:yaml.org,2002:bool'
const floatTag = 'tag:yaml.org,2002:float'
const yes: ScalarTag = {
  identify: (value) => value === true,
  default: true,
  tag: boolTag,
  test: /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/,
  resolve: () => true,
}
const no: ScalarTag = {
  identify: (value) => value === false,
  default: true,
  tag: boolTag,
  test: /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/,
  resolve: () => false,
}

/** For PyYAML `1e3` is text: a number with an exponent has a point and a signed exponent. */
const exponent: ScalarTag = {
  identify: () => false,
  default: true,
  tag: floatTag,
  format: 'EXP',
  test: /^(?:[-+]?\d[\d_]*\.[\d_]*|\.\d[\d_]*)[eE][-+]\d+$/,
  resolve: (text) => Number(text.replaceAll('_', '')),
}

/** The document of a text, as PyYAML's safe loader understands it, with the user's comments and spacing. */
export function yamlDocument(text: string, what: string) {
  const document = parsed(text, what)
  const [problem] = document.errors
  if (problem === undefined) return document
  const [{ line, col } = { line: 1, col: 1 }] = problem.linePos ?? []
  const [first = ''] = problem.message.split('\n')
  throw notYaml(what, first.replace(/ at line \d+, column \d+:?$/, ''), { line, column: col })
}

function parsed(text: string, what: string) {
  try {
    return parseDocument<ParsedNode>(text, {
      version: '1.1',
      customTags: (tags) => [yes, no, exponent, ...tags.filter((tag) => !isReplaced(tag))],
      uniqueKeys: false,
      intAsBigInt: true,
      logLevel: 'error',
    })
  } catch (cause) {
    throw notYaml(what, 'it cannot be read', { cause })
  }
}

/**
 * A YAML text as JSON.
 * @param what how messages call it: "the workflows config"
 * @throws {QuiltError} `invalid_input` when it is not YAML, or holds what JSON cannot say: dates, keys that are not text
 */
export function parseYaml(text: string, what: string): Json {
  const document = yamlDocument(text, what)
  try {
    return fromYaml(document.toJS({ mapAsMap: true }), what, '', 0)
  } catch (cause) {
    if (cause instanceof QuiltError) throw cause
    throw notYaml(what, 'it refers to itself, or to other parts too often', { cause })
  }
}

const isReplaced = (tag: string | CollectionTag | ScalarTag): boolean =>
  typeof tag === 'object' && (tag.tag === boolTag || (tag.tag === floatTag && tag.format === 'EXP'))

function fromYaml(value: unknown, what: string, path: string, depth: number): Json {
  if (depth > maxJsonDepth) throw tooDeep()
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    return items.map((item, at) => fromYaml(item, what, `${path}/${at}`, depth + 1))
  }
  if (value instanceof Map) {
    const members = new Map<string, Json>()
    for (const [key, item] of value) {
      if (typeof key !== 'string') throw needsQuotes(what, `the key ${String(key)} in ${path === '' ? 'it' : path}`)
      members.set(key, fromYaml(item, what, `${path}/${key}`, depth + 1))
    }
    return members
  }
  if (typeof value === 'object' && value !== null) throw needsQuotes(what, path)
  return fromPlain(value)
}

function needsQuotes(what: string, where: string): QuiltError {
  return new QuiltError('invalid_input', `${what} is not valid: ${where} is not text for YAML`, {
    hint: 'Put it in double quotes.',
  })
}

function notYaml(
  what: string,
  why: string,
  { cause, ...details }: { line?: number; column?: number; cause?: unknown },
): QuiltError {
  const place = details.line === undefined ? '' : ` (line ${details.line}, column ${details.column})`
  return new QuiltError('invalid_input', `${what} is not YAML: ${why}${place}`, {
    hint: 'Correct the YAML there.',
    details,
    cause,
  })
}
