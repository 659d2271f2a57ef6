// The scalars of the registry (formats.md 7.1). JSON goes in and out as it was written.
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '@quilt-mcp/core'
import { GraphQLError, GraphQLScalarType } from 'graphql'
import type { LosslessJson } from './lossless-json.js'

export function scalars(lossless: LosslessJson): Readonly<Record<string, GraphQLScalarType>> {
  return {
    Datetime: new GraphQLScalarType<Date, string>({
      name: 'Datetime',
      serialize(value) {
        if (value instanceof Date) return value.toISOString()
        throw new GraphQLError('Datetime is not a date')
      },
      parseValue: date,
    }),
    Json: new GraphQLScalarType<Json, Json>({
      name: 'Json',
      parseValue: (value) => present(lossless.original(value)),
      parseLiteral: (node, variables) => present(lossless.literal(node, variables)),
    }),
    JsonRecord: new GraphQLScalarType<JsonObject, JsonObject>({
      name: 'JsonRecord',
      serialize: record,
      parseValue: (value) => shallow(record(lossless.original(value))),
      parseLiteral: (node, variables) => shallow(record(lossless.literal(node, variables))),
    }),
    PackageContentsFlatMap: new GraphQLScalarType<JsonObject, JsonObject>({
      name: 'PackageContentsFlatMap',
      serialize: record,
    }),
  }
}

function date(value: unknown): Date {
  const parsed = new Date(typeof value === 'string' ? value : Number.NaN)
  if (!Number.isNaN(parsed.getTime())) return parsed
  throw new GraphQLError('Datetime is not a date in ISO-8601')
}

/** Answers wrap metadata in some levels of their own, and JSON has 1,000 here: what is taken must be told again. */
const deepest = 900

function shallow(value: JsonObject): JsonObject {
  let level: readonly Json[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) throw new GraphQLError(`JsonRecord is nested deeper than ${deepest} levels`)
    level = level.flatMap((item) => (isJsonObject(item) ? [...item.values()] : isJsonArray(item) ? item : []))
  }
  return value
}

function present(value: Json | undefined): Json {
  if (value === undefined) throw new GraphQLError('Json is not a JSON value')
  return value
}

function record(value: unknown): JsonObject {
  if (isRecord(value)) return value
  throw new GraphQLError('JsonRecord is not a JSON object')
}

const isRecord = (value: unknown): value is JsonObject => value instanceof Map && isJsonObject(value)
