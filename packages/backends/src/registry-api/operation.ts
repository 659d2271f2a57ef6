// What a GraphQL operation is here: its text, and how its variables and its answer become typed values.
import { fromPlain, type Json, JsonNumber, type JsonObject } from '@quilt-mcp/core'
import type { CallKind } from '../http/client.js'
import type { Reader } from './answer.js'

/** One operation of the registry. */
export interface Operation<Variables, Data> {
  /** Exactly one named operation. */
  readonly document: string
  /** What is attempted, for error messages: `Listing packages`. */
  readonly attempt: string
  readonly kind: CallKind
  readonly read: Reader<Data>
  /** Lossless: `Json` values inside the variables go out as they are. */
  readonly encode: (variables: Variables) => Json
}

/** Values a variable may have: plain ones, and lossless JSON wherever metadata goes. */
export type Variable =
  | null
  | undefined
  | boolean
  | number
  | string
  | JsonNumber
  | JsonObject
  | readonly Variable[]
  | { readonly [name: string]: Variable }

/** Defines an operation: `operation<{ bucket: string }>()({ ... })`. */
export const operation =
  <Variables extends { readonly [Name in keyof Variables]: Variable }>() =>
  <Data>(definition: Omit<Operation<Variables, Data>, 'encode'>): Operation<Variables, Data> => ({
    ...definition,
    encode: (variables) => encodeVariable(variables),
  })

function encodeVariable(value: Variable | object): Json {
  if (value instanceof JsonNumber || isJsonObject(value)) return value
  if (Array.isArray(value)) return value.map(encodeVariable)
  if (typeof value !== 'object' || value === null) return fromPlain(value)
  return new Map(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, encodeVariable(member)]),
  )
}

function isJsonObject(value: unknown): value is JsonObject {
  return value instanceof Map
}
