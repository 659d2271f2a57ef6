// What a schema check says of a value: which rule, at which path, what would pass.
import type { ErrorObject } from 'ajv'

/** One rule that a value does not meet. */
export interface SchemaFailure {
  /** JSON pointer to what fails, `''` for the whole value. */
  readonly path: string
  /** The keyword of the schema: `required`, `type`, `pattern`. */
  readonly rule: string
  /** What would pass, in one sentence, with the path. */
  readonly message: string
}

/** Keywords that only report what others have said already. */
const echoes = new Set(['propertyNames', 'if'])
const longestShown = 200

/** The failures that ajv found, without echoes, at most `limit`. */
export function failuresFrom(errors: readonly ErrorObject[], limit: number): readonly SchemaFailure[] {
  const own = errors.filter(({ keyword }) => !echoes.has(keyword))
  return (own.length === 0 ? errors : own).slice(0, limit).map(failureFrom)
}

function failureFrom(error: ErrorObject): SchemaFailure {
  const { keyword, instancePath, propertyName } = error
  const place = instancePath === '' ? 'the value' : instancePath
  const message =
    propertyName === undefined
      ? `${place} ${wanted(error)}`
      : `${place} may not have the key ${shown(propertyName)}: a key ${wanted(error)}`
  return { path: instancePath, rule: keyword, message }
}

/** What would pass. */
function wanted({ keyword, params, message, schema, data }: ErrorObject): string {
  const found = typeof data === 'object' ? '' : `; it is ${shown(data)}`
  switch (keyword) {
    case 'required':
      return `must have ${shown(params.missingProperty)}`
    case 'additionalProperties':
      return `may not have ${shown(params.additionalProperty)}`
    case 'type':
      return `must be of type ${String(params.type).replaceAll(',', ' or ')}; it is ${kindOf(data)}`
    case 'enum':
      return `must be one of ${shown(schema)}${found}`
    case 'const':
      return `must be ${shown(schema)}${found}`
    case 'pattern':
      return `must match the pattern ${shown(params.pattern)}${found}`
    case 'not':
      return `must not match ${shown(schema)}${found}`
    case 'false schema':
      return 'is not allowed'
    default:
      return `${message ?? 'is not valid'}${found}`
  }
}

function kindOf(data: unknown): string {
  if (data === null) return 'null'
  if (Array.isArray(data)) return 'an array'
  return typeof data === 'object' ? 'an object' : `${typeof data} ${shown(data)}`
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > longestShown ? `${text.slice(0, longestShown)}...` : text
}
