// Content that comes along in the call itself.
import { QuiltError } from '@quilt-mcp/core'

export interface ContentArguments {
  readonly text?: string | undefined
  readonly base64?: string | undefined
}

export interface InlineContent {
  readonly bytes: Uint8Array
  readonly isText: boolean
}

const base64Text = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

/** The bytes of `text` (as UTF-8) or `base64`. Undefined when neither is given. `""` alone is the content of an empty file;
 * beside the other one it is what models send for "not given".
 * @throws {QuiltError} `invalid_input` when both are given, or base64 is malformed */
export function inlineContent({ text, base64 }: ContentArguments): InlineContent | undefined {
  if (text !== undefined && base64 !== undefined) {
    if (text !== '' && base64 !== '') {
      throw new QuiltError('invalid_input', 'both text and base64 are given', { hint: 'Pass one of them.' })
    }
    return inlineContent(text === '' ? { base64: base64 || undefined } : { text })
  }
  if (text !== undefined) return { bytes: new TextEncoder().encode(text), isText: true }
  return base64 === undefined ? undefined : { bytes: bytesOf(base64), isText: false }
}

function bytesOf(base64: string): Uint8Array {
  const compact = base64.replace(/\s+/g, '')
  if (!base64Text.test(compact)) {
    throw new QuiltError('invalid_input', 'base64 is not base64', {
      hint: 'Use the standard alphabet (A-Z a-z 0-9 + /); pass plain text as text.',
    })
  }
  return Buffer.from(compact, 'base64')
}

const contentTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  txt: 'text/plain',
  md: 'text/markdown',
  html: 'text/html',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  ndjson: 'application/x-ndjson',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  xml: 'application/xml',
  ipynb: 'application/x-ipynb+json',
  parquet: 'application/vnd.apache.parquet',
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  gz: 'application/gzip',
  zip: 'application/zip',
}

/** The content type that goes with a key's ending; otherwise plain text or bytes. */
export function contentTypeOf(key: string, { isText }: { readonly isText: boolean }): string {
  const ending = /\.([A-Za-z0-9]+)$/.exec(key)?.[1]?.toLowerCase() ?? ''
  const known = Object.hasOwn(contentTypes, ending) ? contentTypes[ending] : undefined
  const type = known ?? (isText ? 'text/plain' : 'application/octet-stream')
  return isText && type.startsWith('text/') ? `${type}; charset=utf-8` : type
}
