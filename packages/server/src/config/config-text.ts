// The text of a settings file -> its keys and values. YAML; JSON is read as the YAML that it is.
import { isJsonArray, isJsonObject, type Json, JsonNumber, parseYaml, QuiltError } from '@quilt-mcp/core'
import type { GivenValue } from './schema.js'

/** The members of a map of texts, numbers, switches and lists of them. Null and empty values count as not given.
 * @param path for messages
 * @throws {QuiltError} `invalid_input` when it is something else */
export function parseConfigText(text: string, path: string): ReadonlyMap<string, GivenValue> {
  const parsed = parseYaml(text, path)
  if (parsed === null) return new Map()
  if (!isJsonObject(parsed)) {
    throw new QuiltError('invalid_input', `${path} is not a map of settings`, {
      hint: 'Write one setting a line, such as catalog-url: https://catalog.example.com',
    })
  }
  const values = new Map<string, GivenValue>()
  for (const [key, value] of parsed) {
    const given = isJsonArray(value) ? value.map((item) => textOf(item, { key, path })) : textOf(value, { key, path })
    if (given.length > 0) values.set(key, given)
  }
  return values
}

function textOf(value: Json, { key, path }: { readonly key: string; readonly path: string }): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (value instanceof JsonNumber) return value.text
  throw new QuiltError('invalid_input', `${path}: ${key} is neither text nor number nor switch`, {
    hint: 'Give one value, or a list of values.',
  })
}
