// What one HTTP request leaves of the server, by its path and its headers. Whatever is not understood is refused: a client
// that wanted less must never get more.
import { isBucketName, QuiltError } from '@quilt-mcp/core'
import { type KnownNames, toolsetsNamed, toolsNamed } from './named-lists.js'
import { type Narrowing, narrowest, unnarrowed } from './narrowing.js'

/** Headers that narrow a request. The first three are those of other MCP servers. */
export const narrowingHeaders = ['X-MCP-Readonly', 'X-MCP-Toolsets', 'X-MCP-Tools', 'X-Quilt-Bucket'] as const

/** The parts of a request that may narrow it. */
export interface NarrowingRequest {
  /** What follows the MCP endpoint in the path, part by part, with or without its percent signs: `['b', 'lab-a', 'readonly']`. */
  readonly segments: readonly string[]
  /** All values of a header, one for each line that the client sent; none when it sent none. */
  header(name: (typeof narrowingHeaders)[number]): readonly string[]
}

/** Reads path and headers; where both narrow, what both leave is left.
 * The path is `[x/<toolset,...>/][t/<tool,...>/][b/<bucket>/][readonly]`, in this order, each at most once.
 * @throws {QuiltError} `not_found` for another path; `invalid_input` for a value that is empty, malformed, repeated or not known,
 *   and when path and header name different buckets */
export function narrowingOf(request: NarrowingRequest, known: KnownNames): Narrowing {
  const [path, headers] = [narrowingOfPath(request.segments, known), narrowingOfHeaders(request, known)]
  const narrowing = narrowest(path, headers)
  if (narrowing.buckets?.size !== 0) return narrowing
  throw new QuiltError('invalid_input', 'the path and X-Quilt-Bucket name different buckets', {
    hint: 'Name the bucket once.',
  })
}

/** What may follow in a path, in its order. */
const marks = [
  ['x', 'toolsets'],
  ['t', 'tools'],
  ['b', 'bucket'],
] as const

function narrowingOfPath(segments: readonly string[], known: KnownNames): Narrowing {
  const rest = [...segments]
  if (rest.at(-1) === '') rest.pop() // `/mcp/` is `/mcp`
  let narrowing = unnarrowed
  for (const [mark, meaning] of marks) {
    if (rest[0] !== mark || rest[1] === undefined) continue
    narrowing = narrowest(narrowing, oneNarrowing(meaning, decoded(rest[1]), known, `/${mark}/ in the path`))
    rest.splice(0, 2)
  }
  if (rest[0] === 'readonly') {
    narrowing = narrowest(narrowing, { readOnly: true })
    rest.shift()
  }
  if (rest.length > 0) throw noSuchPath()
  return narrowing
}

function narrowingOfHeaders({ header }: NarrowingRequest, known: KnownNames): Narrowing {
  return narrowingHeaders
    .map((name) => {
      const [value, ...more] = header(name)
      if (value === undefined) return unnarrowed
      if (more.length > 0) throw malformed(name, 'is sent twice', 'Send it once; a list has commas.')
      return oneNarrowing(headerMeanings[name], value, known, name)
    })
    .reduce(narrowest)
}

const headerMeanings = {
  'X-MCP-Readonly': 'readOnly',
  'X-MCP-Toolsets': 'toolsets',
  'X-MCP-Tools': 'tools',
  'X-Quilt-Bucket': 'bucket',
} as const

function oneNarrowing(
  meaning: (typeof headerMeanings)[keyof typeof headerMeanings],
  value: string,
  known: KnownNames,
  from: string,
): Narrowing {
  switch (meaning) {
    case 'readOnly':
      return { readOnly: isTrue(value, from) }
    case 'toolsets':
      return { readOnly: false, toolsets: toolsetsNamed(listed(value, from), known, from) }
    case 'tools':
      return { readOnly: false, tools: toolsNamed(listed(value, from), known, from) }
    case 'bucket':
      return { readOnly: false, buckets: new Set([bucketIn(value, from)]) }
  }
}

/** False says that this header does not narrow: it never widens. */
function isTrue(value: string, from: string): boolean {
  const text = value.trim().toLowerCase()
  if (text === 'true' || text === 'false') return text === 'true'
  throw malformed(from, 'is neither true nor false', 'Send true, or leave the header out.')
}

/** A name that is listed twice is one that was meant to be another. */
function listed(value: string, from: string): readonly string[] {
  const names = value.split(',').map((name) => name.trim())
  if (names.includes('')) throw malformed(from, 'has an empty name', 'Give names with commas between, or leave it out.')
  if (new Set(names).size < names.length) throw malformed(from, 'has a name twice', 'Give each name once.')
  return names
}

function bucketIn(value: string, from: string): string {
  const bucket = value.trim()
  if (isBucketName(bucket)) return bucket
  throw malformed(from, 'is not the name of a bucket', 'Give one bucket by its name alone.')
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (cause) {
    throw malformed('the path', 'has a broken percent sign', 'Names need no percent signs.', cause)
  }
}

const malformed = (from: string, problem: string, hint: string, cause?: unknown): QuiltError =>
  new QuiltError('invalid_input', `${from} ${problem}`, {
    hint,
    details: { from },
    ...(cause !== undefined && { cause }),
  })

const noSuchPath = (): QuiltError =>
  new QuiltError('not_found', 'there is nothing at this path', {
    hint: 'After the endpoint may follow, in this order: /x/<toolset,...>, /t/<tool,...>, /b/<bucket>, /readonly.',
  })
