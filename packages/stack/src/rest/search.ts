// `GET /api/search`: the registry's indexes as quilt3 and others search them (formats.md 6.3).
import { checkTerms, parseQuery, type Query, QuiltError } from '@quilt-mcp/core'
import { Hono } from 'hono'
import { z } from 'zod'
import type { IdentityStore } from '../identity/identity-store.js'
import { elasticQuery } from '../search/elastic-query.js'
import { elasticSearch } from '../search/elastic-search.js'
import type { StackSearch } from '../search/stack-search.js'
import { refusal } from './answer.js'
import { requireCaller } from './caller.js'

export interface SearchApiDeps {
  readonly identity: IdentityStore
  readonly search: StackSearch
}

const count = z.coerce.number().int().min(0)
const parameters = z.object({
  index: z.string().min(1),
  action: z.enum(['search', 'freeform']).default('search'),
  query: z.string().default(''),
  body: z.string().optional(),
  size: count.optional(),
  from: count.optional(),
})
const freeform = z.strictObject({
  query: z.unknown(),
  from: count.optional(),
  size: count.optional(),
  _source: z.unknown().optional(),
  track_total_hits: z.unknown().optional(),
})

export function searchApi({ identity, search }: SearchApiDeps) {
  const app = new Hono()
  app.get('/api/search', async (c) => {
    const { principal } = await requireCaller(identity, c.req.header('authorization'))
    const asked = parameters.safeParse(c.req.query())
    if (!asked.success) throw notReadable(asked.error, 'The search')
    const { index, action, query, body, size, from } = asked.data
    try {
      const wish: FreeformSearch = action === 'search' ? { query: parseQuery(query) } : freeformSearch(body)
      const request = {
        indexes: index.split(','),
        query: wish.query,
        size: size ?? wish.size ?? 10,
        from: from ?? wish.from ?? 0,
      }
      checkTerms(request.query)
      const answer = await elasticSearch(search, principal, request)
      if (answer !== undefined) return c.json(answer)
    } catch (error) {
      if (error instanceof QuiltError && error.code === 'invalid_input')
        throw refusal(400, error.hint === undefined ? error.message : `${error.message}. ${error.hint}`)
      throw error
    }
    throw refusal(403, 'Your role may not search all of these indexes, or they do not exist.')
  })
  return app
}

interface FreeformSearch {
  readonly query: Query
  readonly size?: number | undefined
  readonly from?: number | undefined
}

function freeformSearch(body: string | undefined): FreeformSearch {
  const parsed = freeform.safeParse(jsonIn(body ?? ''))
  if (!parsed.success) throw notReadable(parsed.error, 'The body')
  const { query, size, from } = parsed.data
  return { query: query === undefined ? parseQuery('') : elasticQuery(query), size, from }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // fits no schema
  }
}

function notReadable({ issues: [issue] }: z.ZodError, what: string) {
  return refusal(
    400,
    `${what} is not one that is known here: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
  )
}
