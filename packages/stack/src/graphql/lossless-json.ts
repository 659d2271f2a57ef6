// Numbers survive GraphQL: graphql-js sees ordinary values, and the JSON as it was written is found again behind them.
import { isJsonArray, isJsonObject, type Json, JsonNumber, type JsonObject } from '@quilt-mcp/core'
import { Kind, type ValueNode } from 'graphql'

/** Ordinary values that remember the JSON they were made of. */
export interface LosslessJson {
  /** The members of an object as graphql-js wants them: numbers are doubles. */
  plain(json: JsonObject): Record<string, unknown>
  /** The JSON behind a value that `plain` made. Undefined for any other object. */
  original(value: unknown): Json | undefined
  /** The JSON that a query holds itself. */
  literal(node: ValueNode, variables: Readonly<Record<string, unknown>> | null | undefined): Json | undefined
}

/** Forgets by itself: an original lives as long as its value. */
export function losslessJson(): LosslessJson {
  const originals = new WeakMap<object, Json>()

  const plainValue = (json: Json): unknown => {
    if (json instanceof JsonNumber) return json.toNumber()
    if (isJsonObject(json)) return plain(json)
    if (!isJsonArray(json)) return json
    const items = json.map(plainValue)
    originals.set(items, json)
    return items
  }
  const plain = (json: JsonObject): Record<string, unknown> => {
    // Without prototype: `__proto__` is a member like any other.
    const members: Record<string, unknown> = Object.create(null)
    for (const [key, value] of json) members[key] = plainValue(value)
    originals.set(members, json)
    return members
  }
  const original = (value: unknown): Json | undefined => {
    if (typeof value === 'object' && value !== null) return originals.get(value)
    return typeof value === 'string' || typeof value === 'boolean' || value === null ? value : undefined
  }
  const literal: LosslessJson['literal'] = (node, variables) => {
    switch (node.kind) {
      case Kind.INT:
      case Kind.FLOAT:
        return new JsonNumber(node.value)
      case Kind.STRING:
      case Kind.ENUM:
      case Kind.BOOLEAN:
        return node.value
      case Kind.NULL:
        return null
      case Kind.LIST:
        return node.values.map((item) => literal(item, variables) ?? null)
      case Kind.OBJECT:
        return new Map(
          node.fields.flatMap(({ name, value }) => {
            const member = literal(value, variables)
            return member === undefined ? [] : [[name.value, member] as const]
          }),
        )
      case Kind.VARIABLE:
        return original(variables?.[node.name.value])
    }
  }
  return { plain, original, literal }
}
