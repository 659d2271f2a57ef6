// Which buckets the arguments of a call name: by themselves, and inside of URIs and addresses, however deep.
// Only for saying early and well what is refused: what a tool does with its arguments is bounded by its backend.
import { parseReference, QuiltError } from '@quilt-mcp/core'

/** Arguments that hold users' words or content, not what the call is about. */
const freeText: ReadonlySet<string> = new Set(['text', 'base64', 'message', 'metadata', 'title', 'description'])

/** Each bucket that the arguments name, with the path of the argument that does: `entries.0.uri`. */
export function bucketsNamed(args: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const named = new Map<string, string>()
  collect(args, [], named)
  return named
}

function collect(value: unknown, path: readonly string[], named: Map<string, string>): void {
  if (typeof value === 'string') {
    const bucket = bucketIn(value, path.findLast((part) => !/^\d+$/.test(part)) ?? '')
    if (bucket !== undefined && !named.has(bucket)) named.set(bucket, path.join('.'))
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (!freeText.has(name)) collect(member, [...path, name], named)
    }
  }
}

/** The bucket that a text names, if it names one. */
function bucketIn(text: string, argument: string): string | undefined {
  const trimmed = text.trim()
  if (/^buckets?$|_buckets?$/.test(argument) && /^[^:/]+\/*$/.test(trimmed)) return trimmed.replace(/\/+$/, '')
  if (!/^(s3|quilt\+s3|https?):/i.test(trimmed)) return undefined
  try {
    const { bucket } = parseReference(trimmed)
    return bucket
  } catch (error) {
    // Names nothing that we know: whoever reads the argument says so.
    if (error instanceof QuiltError && error.code === 'invalid_input') return undefined
    throw error
  }
}
