// Texts that must never be in a log. Whoever makes a secret or a user's datum in an end-to-end run plants it here; when the run is
// over, canary-check.ts looks for all of them in every line that every server wrote.
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runFolder } from './logs.js'

export type CanaryKind =
  | 'token'
  | 'API key'
  | 'JWT secret'
  | 'AWS secret key'
  | 'AWS session token'
  | 'presigned signature'
  | 'object text'
  | 'metadata value'
  | 'package message'
  | 'user email'
  | 'tool argument'
  | 'upstream text'
  | 'setting'

export interface Canary {
  readonly kind: CanaryKind
  readonly value: string
}

/** Where a canary, or something that looks like a secret, was found. Without the text itself: this is printed. */
export interface Leak {
  readonly what: string
  /** Counted from 1. */
  readonly line: number
}

const planted = 'canaries.jsonl'
const shortest = 8

/** Plants a text: it must not be in any log of this run. @returns the text */
export function plant(kind: CanaryKind, value: string): string {
  if (value.length < shortest)
    throw new Error(`a canary has at least ${shortest} characters: ${value} could be anything`)
  const folder = runFolder()
  if (folder !== undefined) appendFileSync(join(folder, planted), `${JSON.stringify({ kind, value })}\n`)
  return value
}

/** What was planted in a run's folder so far. */
export function plantedIn(folder: string): readonly Canary[] {
  return readFileSync(join(folder, planted), { encoding: 'utf8', flag: 'a+' })
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Canary)
}

/** Forms of secrets that have no business in a log, whoever made them. */
const shapes: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a JWT', pattern: /eyJ[\w-]{6,}/ },
  { what: 'an API key', pattern: /qk_\w/ },
  { what: 'a presigned query', pattern: /X-Amz-(?:Signature|Security-Token|Credential)/i },
  { what: 'an Authorization header', pattern: /Authorization/i },
  { what: 'an AWS access key id', pattern: /(?:AKIA|ASIA)[A-Z0-9]/ },
  { what: 'a bearer token', pattern: /Bearer\s/i },
]

/** The leaks in the lines of a log: planted texts, whole or their first 24 characters, as they are or encoded; and shapes. */
export function leaksIn(log: string, canaries: readonly Canary[]): readonly Leak[] {
  const wanted = [
    ...canaries.flatMap(({ kind, value }) => formsOf(value).map((form) => ({ what: kind, isIn: has(form) }))),
    ...shapes.map(({ what, pattern }) => ({ what, isIn: (text: string) => pattern.test(text) })),
  ].filter(({ isIn }) => isIn(log))
  if (wanted.length === 0) return []
  return log.split('\n').flatMap((text, index) => {
    const found = new Set(wanted.filter(({ isIn }) => isIn(text)).map(({ what }) => what))
    return [...found].map((what) => ({ what, line: index + 1 }))
  })
}

const has = (form: string) => (text: string) => text.includes(form)

/** A text as it may come out: as it is, in JSON, in a URL, in hex and base64; of a long one its beginning is enough. */
function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  const base64 = bytes.toString('base64').slice(0, Math.floor(bytes.length / 3) * 4)
  const forms = [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    bytes.toString('hex'),
    base64,
    base64.replaceAll('+', '-').replaceAll('/', '_'),
  ]
  return [...new Set(forms.map((form) => form.slice(0, 24)))]
}
