// Shared secrets of platform tokens (HS256), by key id.
import { createSecretKey, type KeyObject } from 'node:crypto'
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'

/** Secrets by key id; the one under `''` has none. */
export type SecretsByKid = ReadonlyMap<string, KeyObject>

const shortestSecretBytes = 32
const secretMap = z.record(z.string(), z.string())

/**
 * Reads one secret, or several as a JSON object `{"<kid>": "<secret>"}`. Line ends behind the text, as files have them, do not count.
 *
 * The `kid` of a token picks its secret (jwt-claims.md 1): with an object, a token with another `kid`, or without one, is none of
 * ours; the key `""` serves tokens without. A bare secret has no id and is the only one: it serves every token, whatever its `kid`,
 * since who signed with it knows it.
 * @param text as the operator gave it
 * @throws {QuiltError} `invalid_input` when it is no such text, or a secret has less than 32 bytes; neither is shown
 */
export function parseSecrets(text: string): SecretsByKid {
  const given = text.replace(/[\r\n]+$/, '')
  const secrets = given.trimStart().startsWith('{') ? secretsIn(given) : { '': given }
  if (Object.keys(secrets).length === 0) throw malformed()
  return new Map(Object.entries(secrets).map(([kid, secret]) => [kid, keyOf(kid, secret)]))
}

/** The secret for a token, by the rules of {@link parseSecrets}. */
export function secretFor(secrets: SecretsByKid, kid: string | undefined): KeyObject | undefined {
  const isBare = secrets.size === 1 && secrets.has('')
  return secrets.get(isBare ? '' : (kid ?? ''))
}

function secretsIn(text: string): Record<string, string> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // No cause: its message would quote the text.
    throw malformed()
  }
  const { data } = secretMap.safeParse(value)
  if (data === undefined) throw malformed()
  return data
}

function keyOf(kid: string, secret: string): KeyObject {
  const bytes = Buffer.from(secret)
  if (bytes.byteLength >= shortestSecretBytes) return createSecretKey(bytes)
  const which = kid === '' ? 'the token secret' : `the token secret ${JSON.stringify(kid.slice(0, 100))}`
  throw new QuiltError('invalid_input', `${which} is shorter than ${shortestSecretBytes} bytes`, {
    hint: 'HS256 needs 32 random bytes or more: openssl rand -base64 48.',
  })
}

function malformed(): QuiltError {
  return new QuiltError('invalid_input', 'the token secrets begin like JSON and are no JSON object of texts', {
    hint: 'Give one secret, or secrets by key id: {"2026-11": "<secret>", "2026-12": "<secret>"}.',
  })
}
