// Files whose form is known: configs and layouts. What is wrong with one is said rule by rule.
import { QuiltError } from '../errors.js'
import type { Json } from '../json/value.js'

/** The form of a file, and how to speak of it. */
export interface Form {
  /** "the workflows config" */
  readonly what: string
  /** What to do when it is not valid. */
  readonly hint: string
  /** A schema of draft-07, ours. */
  readonly schema: object
}

/**
 * A value as ordinary data of the form.
 * @throws {QuiltError} `invalid_input` with `details.failures` ({@link SchemaFailure}) when it has another form
 */
export async function inForm<T>(value: Json, { what, hint, schema }: Form): Promise<T> {
  const { shaped } = await import('./compile.js')
  const found = shaped<T>(value, schema)
  if ('data' in found) return found.data
  const { failures } = found
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : ''
  throw new QuiltError('invalid_input', `${what} is not valid: ${failures[0]?.message}${more}`, {
    hint,
    details: { failures },
  })
}
