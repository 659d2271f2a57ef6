// Tags of a role's session, within the bounds of STS: told here by name, where STS would only say that something is wrong.
import { QuiltError } from '@quilt-mcp/core'

/** Tags as STS takes them. */
export interface SessionTags {
  readonly tags: readonly { readonly Key: string; readonly Value: string }[]
  /** Keys of tags that go along when the session assumes a further role. */
  readonly transitiveKeys: readonly string[]
}

const mostTags = 50
const longestKey = 128
const longestValue = 256
const takenCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Checks tags: at most 50, keys of 1 to 128 characters that differ in more than case and do not begin with `aws:`, values of at most 256,
 * both of letters, digits, spaces and `_.:/=+-@`; transitive keys are keys of the tags, each named once.
 * @throws {QuiltError} `invalid_input` naming the tag, never its value */
export function sessionTags(
  tags: Readonly<Record<string, string>> = {},
  transitiveKeys: readonly string[] = [],
): SessionTags {
  const entries = Object.entries(tags)
  if (entries.length > mostTags) throw refused(`there are ${entries.length}, and STS takes ${mostTags}`)
  const seen = new Set<string>()
  for (const [key, value] of entries) {
    const problem = problemOf(key, value)
    if (problem !== undefined) throw refused(`${JSON.stringify(key.slice(0, longestKey))} ${problem}`)
    if (seen.has(key.toLowerCase())) throw refused(`${JSON.stringify(key)} is there twice, but for its case`)
    seen.add(key.toLowerCase())
  }
  for (const [at, key] of transitiveKeys.entries()) {
    if (!Object.hasOwn(tags, key)) throw refused(`${JSON.stringify(key)} is to be transitive, and is not there`)
    if (transitiveKeys.indexOf(key) !== at) throw refused(`${JSON.stringify(key)} is named as transitive twice`)
  }
  return { tags: entries.map(([Key, Value]) => ({ Key, Value })), transitiveKeys }
}

function problemOf(key: string, value: string): string | undefined {
  if (key === '' || key.length > longestKey) return `is not 1 to ${longestKey} characters long`
  if (/^aws:/i.test(key)) return "begins with aws:, which is AWS's own"
  if (!takenCharacters.test(key)) return 'has characters other than letters, digits, spaces and _.:/=+-@'
  if (value.length > longestValue) return `has a value of more than ${longestValue} characters`
  if (!takenCharacters.test(value)) return 'has a value with characters other than letters, digits, spaces and _.:/=+-@'
  return undefined
}

function refused(problem: string): QuiltError {
  return new QuiltError('invalid_input', `AWS does not take these session tags: ${problem}`, {
    hint: 'The operator of this server must name other session tags, or other claims to make them from.',
    details: { reason: 'session-tags' },
  })
}
