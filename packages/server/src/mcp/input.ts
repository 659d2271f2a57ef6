// Arguments as models send them -> what the tool's schema describes. Lenient where the meaning is clear, else one error
// that says what was wrong and what is accepted.
import { nearNames, QuiltError } from '@quilt-mcp/core'
import type { z } from 'zod'
import { contentKeyword } from './content-field.js'
import type { AnyTool } from './define-tool.js'
import type { JsonSchema } from './tool-definition.js'

/** Parses a tool's arguments.
 * Accepted beside the exact form: JSON text for objects and lists, text for numbers and booleans, one text for a list of texts;
 * `""` and null mean "not given" where an argument is optional; but `""` is content for a file, and null may be accepted.
 * @throws {QuiltError} `invalid_input` naming every argument that is wrong */
export function parseInput(tool: AnyTool, schema: JsonSchema, args: unknown): Record<string, unknown> {
  const given = args === undefined || args === null ? {} : jsonText(args, 'object')
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new QuiltError('invalid_input', `the arguments of ${tool.name} are not an object`, { hint: usage(schema) })
  }
  const broken = brokenText(given)
  if (broken !== undefined) {
    throw new QuiltError(
      'invalid_input',
      `${tool.name}: ${broken || 'a name'} holds half a character (a lone surrogate)`,
      {
        hint: usage(schema),
        details: { arguments: [broken] },
      },
    )
  }
  const members = lenientMembers(given, schema)
  const parsed = tool.input.safeParse(tool.fromOlder?.(members) ?? members)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, schema))
  throw new QuiltError('invalid_input', `${tool.name}: ${problems.map(({ text }) => text).join('; ')}`, {
    hint: usage(schema),
    details: { arguments: [...new Set(problems.map(({ argument }) => argument))] },
  })
}

/** The first argument with a text that is no text: no key, name or file could ever hold it. */
function brokenText(args: object): string | undefined {
  return Object.entries(args).find(([name, value]) => isBroken(name) || isBroken(value))?.[0]
}

/** Without recursion: a client decides how deep a value is. */
function isBroken(value: unknown): boolean {
  const left: unknown[] = [value]
  while (left.length > 0) {
    const one = left.pop()
    if (typeof one === 'string' && /\p{Surrogate}/u.test(one)) return true
    if (typeof one === 'object' && one !== null) for (const member of Object.entries(one)) left.push(...member)
  }
  return false
}

/** The value as the schema wants it, when its meaning is clear; otherwise unchanged, for the schema to refuse. */
function lenient(value: unknown, schema: JsonSchema): unknown {
  const types = typesOf(schema)
  if (types.size === 0 || (typeof value === 'string' && types.has('string'))) return value
  if (typeof value === 'string') return fromText(value, types, schema)
  if (typeof value === 'number' && types.size === 1 && types.has('string')) return String(value)
  if (Array.isArray(value) && types.has('array')) return value.map((item) => lenient(item, partOf(schema, 'items')))
  if (typeof value === 'object' && value !== null && types.has('object')) return lenientMembers(value, schema)
  return value
}

function fromText(text: string, types: ReadonlySet<string>, schema: JsonSchema): unknown {
  const trimmed = text.trim()
  if ((types.has('number') || types.has('integer')) && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed))
    return Number(trimmed)
  if (types.has('boolean') && /^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true'
  if (types.has('object') || types.has('array')) {
    const parsed = jsonText(text, types.has('array') ? 'array' : 'object')
    if (parsed !== text) return lenient(parsed, schema)
    if (types.has('array') && typesOf(partOf(schema, 'items')).has('string')) return [text]
  }
  return text
}

/** The members of an object, each made lenient; the optional ones that say nothing are left out. */
function lenientMembers(value: object, schema: JsonSchema): Record<string, unknown> {
  const variant = typesOf(schema).has('object') ? objectVariant(schema) : schema
  const properties = partOf(variant, 'properties')
  const required = new Set(Array.isArray(variant.required) ? variant.required : [])
  const members: [string, unknown][] = []
  for (const [name, member] of Object.entries(value)) {
    const property = partOf(properties, name)
    const optional = Object.hasOwn(properties, name) && !required.has(name)
    if (optional && saysNothing(member, property)) continue
    members.push([name, lenient(member, property)])
  }
  return Object.fromEntries(members)
}

const saysNothing = (value: unknown, schema: JsonSchema): boolean =>
  value === undefined || (value === '' && schema[contentKeyword] !== true) || (value === null && !acceptsNull(schema))

/** The JSON value that a text holds, when it is of the kind wanted; otherwise the text itself. */
function jsonText(value: unknown, wanted: 'object' | 'array'): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    const parsed: unknown = JSON.parse(value)
    return Array.isArray(parsed) === (wanted === 'array') || wanted === 'array' ? parsed : value
  } catch (error) {
    if (error instanceof SyntaxError) return value
    throw error
  }
}

const variantsOf = (schema: JsonSchema): readonly JsonSchema[] => {
  const variants = schema.anyOf ?? schema.oneOf
  return Array.isArray(variants) ? variants.filter(isSchema).flatMap(variantsOf) : [schema]
}

const objectVariant = (schema: JsonSchema): JsonSchema =>
  variantsOf(schema).find((variant) => variant.type === 'object') ?? schema

/** All JSON types a schema accepts; empty when it does not say. */
function typesOf(schema: JsonSchema): ReadonlySet<string> {
  const types = variantsOf(schema).map(
    (variant) => variant.type ?? (Array.isArray(variant.enum) ? 'string' : undefined),
  )
  return types.includes(undefined) ? new Set() : new Set(types.flat().filter((type) => typeof type === 'string'))
}

const acceptsNull = (schema: JsonSchema): boolean => {
  const types = typesOf(schema)
  return types.size === 0 || types.has('null')
}

function partOf(schema: JsonSchema, name: string): JsonSchema {
  const variant = name === 'items' ? (variantsOf(schema).find((one) => one.type === 'array') ?? schema) : schema
  const part = Object.hasOwn(variant, name) ? variant[name] : undefined
  return isSchema(part) ? part : {}
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface Problem {
  readonly argument: string
  readonly text: string
}

function problemsOf(issue: z.core.$ZodIssue, schema: JsonSchema): readonly Problem[] {
  const argument = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 0 ? Object.keys(partOf(schema, 'properties')) : []
    return issue.keys.map((key) => {
      const near = nearNames(key, known, 1)
      const text = `there is no argument ${JSON.stringify(key.slice(0, 60))}${near.length > 0 ? `, did you mean ${near[0]}?` : ''}`
      return { argument: [argument, key].filter(Boolean).join('.'), text }
    })
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message)) {
    return [{ argument, text: `${argument} is required` }]
  }
  const message = issue.message.replace(/^Invalid input: /, '').replace(/^Invalid option: /, '')
  return [{ argument, text: argument === '' ? message : `${argument}: ${message}` }]
}

function usage(schema: JsonSchema): string {
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const names = Object.keys(partOf(schema, 'properties'))
  if (names.length === 0) return 'This tool takes no arguments.'
  return `Arguments: ${names.map((name) => (required.has(name) ? `${name} (required)` : name)).join(', ')}.`
}
