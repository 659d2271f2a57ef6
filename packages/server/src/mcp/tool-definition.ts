// What tools/list says of a tool: derived from its definition, kept lean, because every client pays for it in tokens.
import { z } from 'zod'
import { contentKeyword } from './content-field.js'
import type { AnyTool, ToolAccess } from './define-tool.js'
import { type Surface, wordsFor } from './surface.js'

/** A JSON Schema (draft 2020-12), as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown }

export interface ObjectSchema extends JsonSchema {
  readonly type: 'object'
}

/** One member of the answer to tools/list. No member is null: strict clients refuse the whole list for one. */
export interface ListedTool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: ObjectSchema
  readonly outputSchema: ObjectSchema
  readonly annotations: ToolHints
}

interface ToolHints {
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  readonly openWorldHint: false
}

/** The definition a client sees, in the names of a surface. */
export function listedTool(tool: AnyTool, surface: Surface): ListedTool {
  return {
    name: wordsFor(surface, tool.name),
    title: tool.title,
    description: wordsFor(surface, tool.description),
    inputSchema: lean(z.toJSONSchema(tool.input, { io: 'input' }), { strict: true, listed: true }),
    outputSchema: lean(z.toJSONSchema(tool.output, { io: 'output' }), { strict: false, listed: true }),
    annotations: hints(tool.access),
  }
}

/** The JSON Schema by which a tool's arguments are read: as listed, with our own marks. Unknown arguments are refused. */
export const inputSchemaOf = (tool: AnyTool): ObjectSchema =>
  lean(z.toJSONSchema(tool.input, { io: 'input' }), { strict: true, listed: false })

function hints(access: ToolAccess): ToolHints {
  return {
    readOnlyHint: access === 'read',
    destructiveHint: access === 'destructive',
    idempotentHint: access === 'read',
    openWorldHint: false,
  }
}

interface LeanOptions {
  /** Whether unknown members are refused. */
  readonly strict: boolean
  /** Whether clients see it. */
  readonly listed: boolean
}

/** Removes what says nothing to a client: `$schema`, bounds of safe integers, and in results `additionalProperties: false`
 * (a newer server may say more). */
function lean(schema: unknown, options: LeanOptions): ObjectSchema {
  const cleaned = clean(schema, options)
  const members = typeof cleaned === 'object' && cleaned !== null ? cleaned : {}
  return { ...members, type: 'object' }
}

function clean(node: unknown, options: LeanOptions): unknown {
  if (Array.isArray(node)) return node.map((item) => clean(item, options))
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([keyword, value]) => !isNoise(keyword, value, options))
      .map(([keyword, value]) => [
        keyword,
        keyword === 'properties' ? cleanEach(value, options) : clean(value, options),
      ]),
  )
}

/** Property names are data: a property called `maximum` is not a keyword. */
function cleanEach(properties: unknown, options: LeanOptions): unknown {
  if (typeof properties !== 'object' || properties === null) return properties
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, clean(schema, options)]))
}

function isNoise(keyword: string, value: unknown, { strict, listed }: LeanOptions): boolean {
  if (keyword === '$schema') return true
  if (keyword === contentKeyword) return listed
  if (keyword === 'maximum') return value === Number.MAX_SAFE_INTEGER
  if (keyword === 'minimum') return value === Number.MIN_SAFE_INTEGER
  if (keyword === 'additionalProperties') return strict ? isEmpty(value) : value === false || isEmpty(value)
  if (keyword === 'propertyNames')
    return typeof value === 'object' && value !== null && Object.keys(value).join() === 'type'
  return false
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0
