import type { SearchAnswer } from '@quilt-mcp/core'
import { formatQuery } from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { pageInput, pageOf, pageOutput } from '../../mcp/page.js'
import { untrustedJson, untrustedText } from '../../mcp/untrusted.js'
import { type AskedSearch, askedSearch } from './asked-search.js'
import { catalogSearch } from './catalog-search.js'
import { explained } from './explained.js'
import { shownFacet } from './facets.js'
import { hitRenderer, isNamed } from './hits.js'
import { olderAliases, olderSearchArguments } from './older-search.js'
import { searchOf } from './search-of.js'
import { suggestionsFor } from './suggestions.js'

export const searchCatalog = defineTool({
  name: 'search_catalog',
  title: 'Search',
  toolset: 'search',
  access: 'read',
  needs: ['search'],
  description:
    'Finds packages, files of packages (entries) or objects by words, fields and metadata, in all buckets or some. Each hit has a uri that the other tools take. The resource quilt-platform://search_syntax explains queries.',
  input: z.strictObject({
    query: z.string().default('').describe('words, "phrases", AND OR NOT, field:value'),
    scope: z.enum(['packages', 'entries', 'objects']).default('packages'),
    bucket: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe('default: all'),
    filters: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('field: value, or list of which one fits: {"ext": "csv", "size": ">10MB", "meta./assay": ["rna"]}'),
    sort: z.string().optional().describe('modified:desc, size:asc, meta./path:asc; default: relevance'),
    facets: z.array(z.string()).optional().describe('ext, workflow, size, modified, entries, meta, meta./path'),
    fields: z.array(z.string()).optional().describe('only these in each hit'),
    all_revisions: z.boolean().default(false),
    count_only: z.boolean().default(false),
    natural: z.boolean().default(true).describe('"larger than 1 GB", "last 30 days", "csv files" become filters'),
    explain: z.boolean().default(false),
    ...pageInput({ limit: 20 }),
  }),
  output: z.object({
    query: z.string(),
    scope: z.string(),
    understood: z.array(z.object({ said: z.string(), filter: z.string() })).optional(),
    filters: z.array(z.string()).optional(),
    hits: z.array(
      z.looseObject({
        uri: z.string(),
        link: z.string().optional(),
        bucket: z.string().optional(),
        name: z.string().optional(),
        key: z.string().optional(),
        size: z.number().optional(),
        modified: z.string().optional(),
        comment: untrustedText().optional(),
        meta: untrustedJson().optional(),
        matched: z.array(z.object({ field: z.string(), text: untrustedText() })).optional(),
      }),
    ),
    ...pageOutput,
    total: z.union([z.int(), z.literal('unknown')]),
    facets: z.array(z.looseObject({ field: z.string() })).optional(),
    left_out: z.array(z.object({ bucket: z.string(), why: z.string() })).optional(),
    indexing: z.object({ of: z.string(), done: z.int(), total: z.int().optional() }).optional(),
    notes: z.array(z.string()).optional(),
    suggestions: z.array(z.looseObject({ why: z.string() })).optional(),
    link: z.string().optional(),
    explain: z.looseObject({}).optional(),
    next: z.array(z.string()),
  }),
  aliases: olderAliases,
  fromOlder: olderSearchArguments,
  examples: [
    { query: 'cells', bucket: 'lab-a' },
    { query: 'csv files from the last 30 days', scope: 'objects', facets: ['ext'], explain: true },
    { filters: { 'meta./assay': ['ATAC', 'RNA'] }, sort: 'modified:desc', count_only: true },
  ],
  async run(ctx, input) {
    const nowMs = Date.now()
    const asked = askedSearch(input, nowMs)
    const { answer, ...shown } = input.count_only ? await counted(ctx, asked) : await hitsOf(ctx, asked, input)
    const suggestions = foundNothing(answer, input) ? await suggestionsFor(ctx, asked) : []
    const notes = [...asked.notes, ...answer.notes, ...(answer.hits.every(isNamed) ? [] : [someUnnamed])]
    const page = catalogSearch(asked.request, nowMs)
    const link = page && ctx.links.searchUrl(page)
    const { facets, leftOut, indexing } = answer
    return {
      structure: {
        query: formatQuery(asked.request.query),
        scope: input.scope,
        ...(asked.understood.length > 0 && { understood: [...asked.understood] }),
        ...(asked.filters.length > 0 && { filters: asked.filters.map(formatQuery) }),
        ...shown,
        total: answer.total ?? ('unknown' as const),
        ...(facets.length > 0 && { facets: facets.map(shownFacet) }),
        ...(leftOut.length > 0 && { left_out: leftOut.map(({ bucket, why }) => ({ bucket, why })) }),
        ...(indexing !== undefined && { indexing }),
        ...(notes.length > 0 && { notes }),
        ...(suggestions.length > 0 && { suggestions }),
        ...(link !== undefined && { link }),
        ...(input.explain && { explain: explained(asked.request.query, answer.sent) }),
        next: answer.hits.length > 0 ? nextTools[input.scope] : ['package_list', 'bucket_list'],
      },
    }
  },
})

/** Whether there is nothing at all: not only on this page, or because only the number was asked for. */
function foundNothing({ total, hits, cursor }: SearchAnswer, input: Partial<PageWanted> & { count_only: boolean }) {
  if (input.cursor !== undefined) return false
  return total === undefined ? !input.count_only && hits.length === 0 && cursor === undefined : total === 0
}

const someUnnamed = 'Some of what was found has a name that no package can have, and is not shown.'

const nextTools = {
  packages: ['package_browse', 'package_revisions'],
  entries: ['object_read', 'package_browse'],
  objects: ['object_read', 'object_info'],
}

async function counted(ctx: ToolContext, { request }: AskedSearch) {
  const answer = await searchOf(ctx.backend).search(
    { ...request, limit: 0 },
    { signal: ctx.signal, onProgress: ctx.onProgress },
  )
  return { answer, hits: [] }
}

interface PageWanted {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly fields?: readonly string[] | undefined
}

/** One page of hits. Facets come with the first alone. */
async function hitsOf(ctx: ToolContext, { request, facets }: AskedSearch, { limit, cursor, fields }: PageWanted) {
  const search = searchOf(ctx.backend)
  const chars = ctx.resultChars ?? 16_000
  let answer: SearchAnswer | undefined
  const {
    items,
    total: _,
    ...position
  } = await pageOf({
    limit,
    cursor,
    // What stands beside the hits needs its room.
    budgetChars: Math.floor(chars * (facets.length > 0 ? 0.5 : 0.8)),
    async fetch(page) {
      answer = await search.search(
        { ...request, ...page, ...(cursor !== undefined && { facets: [] }) },
        { signal: ctx.signal, onProgress: ctx.onProgress },
      )
      const items = answer.hits.filter(isNamed)
      return { items, ...(answer.cursor !== undefined && { cursor: answer.cursor }) }
    },
    render: hitRenderer(ctx, fields),
  })
  if (answer === undefined) throw new Error('a page was made without being asked for')
  return { answer, hits: items, ...position }
}
