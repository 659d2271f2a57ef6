// `GET /api/search`: Elasticsearch through a registry that has no search by GraphQL (formats.md 6.3).
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { sendAs, type Token } from '../http/authorized.js'
import { jsonOf, type RestCall } from './rest.js'

export interface RestSearchRequest {
  /** Indexes: of a bucket's objects its name. */
  readonly index: readonly string[]
  /** Query-string syntax. */
  readonly query: string
  readonly from: number
  readonly size: number
}

const foundSchema = z.object({
  hits: z.object({
    total: z
      .union([z.number(), z.object({ value: z.number(), relation: z.string().optional() })])
      .optional()
      .transform((total) =>
        typeof total === 'object' ? (total.relation === 'gte' ? -1 : total.value) : (total ?? -1),
      ),
    hits: z
      .array(
        z.object({
          _index: z.string(),
          _source: z.object({
            key: z.string(),
            size: z.number().nullish(),
            last_modified: z.string().refine((time) => !Number.isNaN(Date.parse(time)), 'not a date'),
            version_id: z.string().nullish(),
            delete_marker: z.boolean().nullish(),
          }),
        }),
      )
      // `filter_path` leaves an empty list out.
      .default([]),
  }),
})

/** What it finds: objects. `total` is negative when it is not known. */
export type RestFound = z.output<typeof foundSchema>['hits']

/** Asks for one page of objects. @throws {QuiltError} by status, or `upstream` when the answer is none of Elasticsearch */
export async function restSearch(
  registryUrl: string,
  { index, query, from, size }: RestSearchRequest,
  { token, http, signal }: RestCall & { readonly token: Token },
): Promise<RestFound> {
  const attempt = 'Searching objects'
  const peer = 'the registry'
  const url = new URL(`${registryUrl}/api/search`)
  url.search = new URLSearchParams({
    index: index.join(','),
    action: 'search',
    query,
    from: String(from),
    size: String(size),
    _source: 'key,size,last_modified,version_id,delete_marker',
    filter_path: 'hits.total,hits.hits._index,hits.hits._source',
  }).toString()
  const headers = { accept: 'application/json' }
  const answer = await sendAs(
    token,
    { method: 'GET', url, headers, kind: 'search', idempotent: true, signal, peer },
    http,
  )
  const { value } = await jsonOf(answer, { attempt, peer })
  const found = foundSchema.safeParse(value)
  if (found.success) return found.data.hits
  throw new QuiltError('upstream', `${attempt}: the registry did not answer as a search does`, {
    hint: 'The registry may be older or newer than this version knows.',
    retryable: false,
    cause: found.error,
  })
}
