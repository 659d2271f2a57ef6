// JSON as it was written: integers of any length, floats apart from them, keys in order (formats.md 3.3, 3.4).
import { QuiltError } from '../errors.js'

/** Any JSON value. Numbers keep their text, objects their key order. */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject

/** A JSON object: keeps key order, and any key is data (`__proto__`, `10`). */
export type JsonObject = ReadonlyMap<string, Json>

/** How deep arrays and objects may be nested, everywhere in this package. */
export const maxJsonDepth = 1_000

const numberText = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/

/** A number as its source wrote it. */
export class JsonNumber {
  /** Source text: a JSON number, or `NaN`, `Infinity`, `-Infinity` of older manifests. */
  readonly text: string

  /** @throws {QuiltError} `invalid_input` when the text is not a number */
  constructor(text: string) {
    if (!numberText.test(text)) {
      throw new QuiltError('invalid_input', `${JSON.stringify(text)} is not a JSON number`, {
        hint: 'Write digits with an optional sign, fraction and exponent.',
      })
    }
    this.text = text
  }

  /** Whether Python reads it as an `int`: no fraction, no exponent, not NaN or infinite. */
  get isInteger(): boolean {
    return !/[.eENI]/.test(this.text)
  }

  /** The nearest double; integers beyond 2^53 are rounded. */
  toNumber(): number {
    return Number(this.text)
  }
}

/** The object without members. */
export const emptyJsonObject: JsonObject = new Map<string, Json>()

/** Whether a value is an object. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map
}

/** Whether a value is an array. */
export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** The error for values nested deeper than {@link maxJsonDepth}. */
export function tooDeep(): QuiltError {
  return new QuiltError('invalid_input', `the JSON value is nested deeper than ${maxJsonDepth} levels`, {
    hint: 'Flatten the value.',
  })
}
