// Buckets in a token: a list, or one of three compressed forms (token claims, 3).
import { z } from 'zod'

const names = z.array(z.string())
const compressed = z.discriminatedUnion('_type', [
  z.object({ _type: z.literal('groups'), _data: z.record(z.string(), names) }),
  z.object({ _type: z.literal('patterns'), _data: z.record(z.string(), names) }),
  z.object({ _type: z.literal('compressed'), _data: z.base64() }),
])
const mostBuckets = 10_000

/** The bucket names of a claim. What is malformed names none: it never grants anything. */
export function bucketsOf(claim: unknown): readonly string[] {
  const list = names.safeParse(claim)
  const found = list.success ? list.data : expanded(claim)
  return [...new Set(found)].slice(0, mostBuckets)
}

function expanded(claim: unknown): readonly string[] {
  const parsed = compressed.safeParse(claim)
  if (!parsed.success) return []
  const { _type: form, _data: data } = parsed.data
  switch (form) {
    case 'groups':
      return Object.entries(data).flatMap(([prefix, suffixes]) => suffixes.map((suffix) => `${prefix}-${suffix}`))
    case 'patterns':
      return Object.entries(data).flatMap(([pattern, listed]) =>
        pattern === 'quilt' ? listed.map((name) => `quilt-${name}`) : listed,
      )
    case 'compressed':
      return listIn(Buffer.from(data, 'base64').toString('utf8'))
  }
}

function listIn(text: string): readonly string[] {
  try {
    return names.safeParse(JSON.parse(text)).data ?? []
  } catch {
    return [] // not JSON: the claim is malformed, and grants nothing
  }
}
