// Percent-encoding as Python's urllib does it, whose URLs stand in manifests (formats.md 2.7).
import { QuiltError } from './errors.js'

/**
 * Quotes text like Python's `quote(text, safe="")`: uppercase hex of the UTF-8 bytes, except for ASCII letters, digits
 * and `_.-~`.
 * @throws {QuiltError} `invalid_input` for lone surrogates
 */
export function quote(text: string): string {
  // encodeURIComponent leaves these five, Python does not.
  return encodeComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}

/**
 * `encodeURIComponent`, as the catalog writes its addresses.
 * @throws {QuiltError} `invalid_input` for lone surrogates
 */
export function encodeComponent(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch (cause) {
    throw new QuiltError('invalid_input', `${JSON.stringify(text)} holds half of a surrogate pair`, {
      hint: 'Remove the broken character.',
      cause,
    })
  }
}

/** Like {@link quote}, with slashes kept. */
export function quotePath(path: string): string {
  return quote(path).replaceAll('%2F', '/')
}

/**
 * Undoes quoting. A `%` that starts no byte stays, as in Python.
 * @throws {QuiltError} `invalid_input` when the bytes are not UTF-8
 */
export function unquote(text: string): string {
  try {
    return text.replace(/(?:%[0-9a-fA-F]{2})+/g, decodeURIComponent)
  } catch (cause) {
    throw new QuiltError('invalid_input', `${JSON.stringify(text)} holds percent-encoded bytes that are not UTF-8`, {
      hint: 'Encode the UTF-8 bytes of each character.',
      cause,
    })
  }
}

/**
 * The pairs of a query string, in order. `+` is a space; pairs without a value are ignored.
 * @throws {QuiltError} `invalid_input` when the bytes are not UTF-8
 */
export function parseQuery(query: string): readonly (readonly [name: string, value: string])[] {
  return query
    .split('&')
    .map((pair) => pair.split(/=(.*)/s))
    .filter(([, value = '']) => value !== '')
    .map(([name = '', value = '']) => [unquotePlus(name), unquotePlus(value)])
}

function unquotePlus(text: string): string {
  return unquote(text.replaceAll('+', ' '))
}
