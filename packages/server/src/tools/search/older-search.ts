// The searches of older servers: their names and arguments, and what these mean here.
import { parseReference, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import type { ToolAlias } from '../../mcp/define-tool.js'

const limit = z.int().min(1).max(1_000).optional()
const query = z.string().default('')
const filters = z.record(z.string(), z.unknown()).optional()
/** A bucket: its name or `s3://` address. */
const place = z.string().optional()

const packagesInput = z.strictObject({
  query,
  registry: place,
  bucket: place,
  limit,
  from_: z.int().min(0).optional(),
  filters,
})
const objectsInput = z.strictObject({ query, bucket: place, limit, filters })
const suggestInput = z.strictObject({
  partial_query: z.string(),
  context: z.string().optional(),
  suggestion_types: z.array(z.string()).optional(),
  limit,
})
const explainInput = z.strictObject({
  query,
  show_backends: z.boolean().optional(),
  show_performance: z.boolean().optional(),
})

const packagesSearch = (name: string): ToolAlias<z.ZodObject, typeof packagesInput> => ({
  name,
  input: packagesInput,
  adapt({ registry, bucket = registry, from_ = 0, ...rest }) {
    if (from_ > 0) throw noOffsets()
    return { ...given({ ...rest, bucket }), scope: 'packages' }
  },
})

const objectsSearch = (name: string): ToolAlias<z.ZodObject, typeof objectsInput> => ({
  name,
  input: objectsInput,
  adapt: (args) => ({ ...given(args), scope: 'objects' }),
})

const searchSuggest: ToolAlias<z.ZodObject, typeof suggestInput> = {
  name: 'search_suggest',
  input: suggestInput,
  adapt: ({ partial_query: partial, context = '', limit: most }) => ({
    query: /[\p{L}\p{N}]$/u.test(partial) ? `${partial}*` : partial,
    natural: false,
    ...given({ limit: most, bucket: /^s3:\/\//.test(context) ? context : undefined }),
  }),
}

const searchExplain: ToolAlias<z.ZodObject, typeof explainInput> = {
  name: 'search_explain',
  input: explainInput,
  adapt: (args) => ({ query: args.query, explain: true, count_only: true }),
}

/** Those without arguments of their own take what `search_catalog` takes, in its older form too. */
export const olderAliases = [
  'unified_search',
  'catalog_search',
  packagesSearch('search_packages'),
  packagesSearch('packages_search'),
  objectsSearch('search_objects'),
  objectsSearch('bucket_objects_search'),
  searchSuggest,
  searchExplain,
] as const

const noOffsets = (): QuiltError =>
  new QuiltError('invalid_input', 'from_ counts hits, and pages go on by cursor', {
    hint: 'Call search_catalog, and pass the cursor of its page for the next one.',
    details: { argument: 'from_' },
    nextTools: ['search_catalog'],
  })

/** The members that say something. */
const given = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

const flag = z.union([z.boolean(), z.stringbool()]).optional()
const olderArguments = z.looseObject({
  scope: z.enum(['global', 'catalog', 'all', 'bucket', 'package', 'packageEntry', 'file']).optional(),
  target: z.string().optional(),
  backend: z.string().optional(),
  include_content_preview: flag,
  explain_query: flag,
})

/** What an older scope searched. */
const scopes = {
  global: 'packages',
  catalog: 'packages',
  all: 'packages',
  bucket: 'objects',
  package: 'packages',
  packageEntry: 'entries',
  file: 'objects',
} as const

/** The arguments of `search_catalog` as older servers had them, in ours: `target` and its scopes, `explain_query`. There is one engine, and
 * hits show what matched anyway: `backend` and `include_content_preview` ask for nothing more. */
export function olderSearchArguments(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const parsed = olderArguments.safeParse(args)
  // Also where the scope is one of ours: the schema says what is wrong then.
  const older = parsed.success ? parsed.data : olderArguments.omit({ scope: true }).safeParse(args).data
  if (older === undefined) return { ...args }
  const { target, backend: _, include_content_preview: __, explain_query: explain, ...rest } = older
  const scope = parsed.success ? parsed.data.scope : undefined
  return {
    ...rest,
    ...given({ explain: explain ?? args.explain }),
    ...(scope !== undefined && { scope: scopes[scope] }),
    ...(target !== undefined && targetOf(target, { ...rest, scope: scope === undefined ? args.scope : scopes[scope] })),
  }
}

/** A bucket, or a package: then what is in it is searched, or it alone. */
function targetOf(
  target: string,
  { scope, filters: others }: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const reference = /[/:]/.test(target) ? parseReference(target) : { kind: 'bucket' as const, bucket: target }
  // Where a key is named, the argument refuses it: not the whole bucket is meant.
  if (reference.kind === 'object') return { bucket: target }
  if (reference.kind === 'bucket') return { bucket: reference.bucket }
  const name = { name: reference.name }
  return {
    ...given({ bucket: reference.bucket }),
    scope: scope === 'packages' || scope === undefined ? 'entries' : scope,
    filters: typeof others === 'object' && others !== null ? { ...others, ...name } : name,
  }
}
