// What tools/list says of a tool: derived from its definition, kept lean, because every client pays for it in tokens.
import { z } from 'zod'
import type { AnyTool, ToolAccess } from './define-tool.js'

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

/** The definition a client sees. @param name the name to list the tool under */
export function listedTool(tool: AnyTool, name: string): ListedTool {
  return {
    name,
    title: tool.title,
    description: tool.description,
    inputSchema: inputSchemaOf(tool),
    outputSchema: lean(z.toJSONSchema(tool.output, { io: 'output' }), { strict: false }),
    annotations: hints(tool.access),
  }
}

/** The JSON Schema of a tool's arguments; unknown arguments are refused. */
export const inputSchemaOf = (tool: AnyTool): ObjectSchema =>
  lean(z.toJSONSchema(tool.input, { io: 'input' }), { strict: true })

function hints(access: ToolAccess): ToolHints {
  return {
    readOnlyHint: access === 'read',
    destructiveHint: access === 'destructive',
    idempotentHint: access === 'read',
    openWorldHint: false,
  }
}

/** Removes what says nothing to a client: `$schema`, bounds of safe integers, and in results `additionalProperties: false`
 * (a newer server may say more). */
function lean(schema: unknown, options: { readonly strict: boolean }): ObjectSchema {
  const cleaned = clean(schema, options)
  const members = typeof cleaned === 'object' && cleaned !== null ? cleaned : {}
  return { ...members, type: 'object' }
}

function clean(node: unknown, options: { readonly strict: boolean }): unknown {
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
function cleanEach(properties: unknown, options: { readonly strict: boolean }): unknown {
  if (typeof properties !== 'object' || properties === null) return properties
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, clean(schema, options)]))
}

function isNoise(keyword: string, value: unknown, { strict }: { readonly strict: boolean }): boolean {
  if (keyword === '$schema') return true
  if (keyword === 'maximum') return value === Number.MAX_SAFE_INTEGER
  if (keyword === 'minimum') return value === Number.MIN_SAFE_INTEGER
  if (keyword === 'additionalProperties') return strict ? isEmpty(value) : value === false || isEmpty(value)
  if (keyword === 'propertyNames')
    return typeof value === 'object' && value !== null && Object.keys(value).join() === 'type'
  return false
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0
