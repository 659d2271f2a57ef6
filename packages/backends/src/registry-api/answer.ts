// The shapes of registry answers, read from lossless JSON: what users wrote (metadata) keeps its number text and key order,
// everything else becomes plain values.
import { type Json, JsonNumber, type JsonObject, QuiltError, toPlain } from '@quilt-mcp/core'
import { z } from 'zod'
import { refusedInput } from '../refused-input.js'

/** An object with known fields. */
export const record = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess((value) => (value instanceof Map ? Object.fromEntries(value) : value), z.object(shape))

/** Any number; a size is a `Float` on the wire. */
export const number = z.instanceof(JsonNumber).transform((value) => value.toNumber())

/** `JsonRecord` and the flat map: kept as they are. */
export const jsonObject = z.custom<JsonObject>((value) => value instanceof Map, 'expected an object')

/** ISO-8601 with or without offset; without one it is UTC (formats.md 7.1). Becomes UTC with milliseconds. */
export const datetime = z.string().transform((text, context) => {
  const at = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) || !text.includes('T') ? text : `${text}Z`)
  if (!Number.isNaN(at)) return new Date(at).toISOString()
  context.addIssue('not a date')
  return z.NEVER
})

/** Reads `data` of an answer. Made by `fields` or `member`. */
export type Reader<Data> = (data: Json, attempt: string) => Data

/** A reader for plain results. */
export const fields =
  <Data>(schema: z.ZodType<Data>): Reader<Data> =>
  (data, attempt) =>
    parsed(schema, data, attempt)

/** A reader for a result union: the success member, or the error that another member stands for (formats.md 7.1).
 * @param field the top-level field with the union
 * @param typename the member that means success */
export const member = <Data>(field: string, typename: string, schema: z.ZodType<Data>): Reader<Data> =>
  members(field, { [typename]: schema })

/** A reader for a result union of which several members mean success. */
export const members =
  <Data>(field: string, schemas: Readonly<Record<string, z.ZodType<Data>>>): Reader<Data> =>
  (data, attempt) =>
    unionMember(field, data instanceof Map ? data.get(field) : undefined, { schemas, attempt })

/** A union inside an answer, read as `members` reads one at its top. */
export function unionMember<Data>(
  field: string,
  result: Json | undefined,
  { schemas, attempt }: { readonly schemas: Readonly<Record<string, z.ZodType<Data>>>; readonly attempt: string },
): Data {
  const name = result instanceof Map ? result.get('__typename') : undefined
  if (result === undefined || typeof name !== 'string') throw unreadable(attempt, `${field}.__typename is missing`)
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined
  if (schema !== undefined) return parsed(schema, result, attempt)
  if (name === 'InvalidInput') throw invalidInput(result, attempt)
  if (name === 'OperationError') throw operationError(result, attempt)
  throw new QuiltError('upstream', `${attempt}: the registry answered with ${name}, which this version does not know`, {
    hint: 'Update quilt-mcp, or report this with the name of the answer.',
    retryable: false,
    details: { typename: name },
  })
}

function parsed<Data>(schema: z.ZodType<Data>, value: Json, attempt: string): Data {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw unreadable(attempt, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unexpected'}`, result.error)
}

function unreadable(attempt: string, problem: string, cause?: unknown): QuiltError {
  return new QuiltError('upstream', `${attempt}: the registry answered with something unexpected (${problem})`, {
    hint: 'The registry may be older or newer than this version knows.',
    retryable: false,
    details: { problem },
    cause,
  })
}

const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined)
const context = jsonObject.nullish()
const invalidInputShape = record({
  errors: z.array(record({ path: optionalText, message: z.string(), name: z.string(), context })),
})

function invalidInput(result: Json, attempt: string): QuiltError {
  return refusedInput(attempt, parsed(invalidInputShape, result, attempt).errors)
}

/** Error names of the registry (formats.md 7.4) that are not the service's own failure. */
const operationCodes: Readonly<
  Record<string, { readonly code: 'forbidden' | 'invalid_input' | 'not_found'; readonly hint: string }>
> = {
  Forbidden: { code: 'forbidden', hint: 'Your current role may not do this; ask an administrator, or switch roles.' },
  WorkflowValidationError: {
    code: 'invalid_input',
    hint: "Make the package fit the bucket's workflow, or name another workflow.",
  },
  QuiltException: { code: 'invalid_input', hint: 'Correct what is named, then try again.' },
  InvalidInputParameters: { code: 'invalid_input', hint: 'Correct what is named, then try again.' },
  InvalidSuccessor: { code: 'invalid_input', hint: "Choose a destination among the bucket's successors." },
  BucketNotBrowsable: { code: 'forbidden', hint: 'An administrator must make the bucket browsable.' },
  BucketNotFound: { code: 'not_found', hint: 'Check the name with bucket_list.' },
  SessionNotFound: { code: 'not_found', hint: 'The browsing session has ended; try again.' },
  OwnerMismatch: { code: 'forbidden', hint: 'The browsing session belongs to someone else.' },
}

function operationError(result: Json, attempt: string): QuiltError {
  const {
    name,
    message,
    context: facts,
  } = parsed(record({ name: z.string(), message: z.string(), context }), result, attempt)
  const known = operationCodes[name]
  return new QuiltError(known?.code ?? 'upstream', `${attempt}: ${message.slice(0, 500)} (${name})`, {
    hint: known?.hint ?? 'The registry could not do this; try again later, or ask an administrator.',
    details: { name, ...(facts ? { context: toPlain(facts) } : {}) },
  })
}
