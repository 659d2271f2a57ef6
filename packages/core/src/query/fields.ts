// The fields a search can name: one table for the parser, for messages, and for the page that explains the syntax.

/** What can be searched. */
export type SearchScope = 'packages' | 'entries' | 'objects'

/** How the values of a field are written. */
export type FieldType = 'text' | 'keyword' | 'bytes' | 'number' | 'date' | 'boolean' | 'metadata'

export interface FieldDefinition {
  readonly type: FieldType
  readonly scopes: readonly SearchScope[]
  /** Other names that are understood. */
  readonly aliases: readonly string[]
  /** What it holds, in a few words. */
  readonly means: string
  readonly example: string
}

const all: readonly SearchScope[] = ['packages', 'entries', 'objects']

/** Every field by its name. */
export const searchFields = {
  name: {
    type: 'keyword',
    scopes: ['packages', 'entries'],
    aliases: ['package', 'pkg', 'ptr_name'],
    means: 'name of the package',
    example: 'name:lab/*',
  },
  key: {
    type: 'keyword',
    scopes: all,
    aliases: ['path', 'logical_key', 'entry_lk'],
    means: 'key of the object, or path in the package; of packages: of any of their files',
    example: 'key:raw/*',
  },
  ext: {
    type: 'keyword',
    scopes: all,
    aliases: ['extension', 'type'],
    means: 'extension of the file, with or without its dot; of packages: of any of their files',
    example: 'ext:csv',
  },
  content: {
    type: 'text',
    scopes: ['objects'],
    aliases: ['body', 'text'],
    means: 'text inside the file, where it is indexed',
    example: 'content:"cell line"',
  },
  comment: {
    type: 'text',
    scopes: ['packages', 'entries'],
    aliases: ['message', 'msg', 'mnfst_message'],
    means: 'commit message of the revision',
    example: 'comment:"first import"',
  },
  meta: {
    type: 'metadata',
    scopes: ['packages', 'entries'],
    aliases: ['user_meta', 'metadata', 'mnfst_metadata', 'entry_metadata'],
    means: 'user metadata, whole or below a JSON pointer',
    example: 'meta./experiment/type:rna',
  },
  size: {
    type: 'bytes',
    scopes: all,
    aliases: ['mnfst_stats.total_bytes', 'entry_size'],
    means: 'size in bytes',
    example: 'size:>10MB',
  },
  modified: {
    type: 'date',
    scopes: all,
    aliases: ['updated', 'date', 'last_modified', 'ptr_last_modified', 'mnfst_last_modified'],
    means: 'when it last changed, UTC',
    example: 'modified:>2025-01-01',
  },
  entries: {
    type: 'number',
    scopes: ['packages'],
    aliases: ['files', 'mnfst_stats.total_files'],
    means: 'number of files in the package',
    example: 'entries:[100 TO 500]',
  },
  hash: {
    type: 'keyword',
    scopes: ['packages', 'entries'],
    aliases: ['top_hash', 'mnfst_hash'],
    means: 'top hash of the revision, or the start of it with *',
    example: 'hash:2a5a67*',
  },
  workflow: {
    type: 'keyword',
    scopes: ['packages', 'entries'],
    aliases: ['mnfst_workflow.id'],
    means: 'id of the workflow that the revision passed',
    example: 'workflow:alpha',
  },
  bucket: { type: 'keyword', scopes: all, aliases: [], means: 'name of the bucket', example: 'bucket:lab-data' },
  deleted: {
    type: 'boolean',
    scopes: ['objects'],
    aliases: ['delete_marker'],
    means: 'whether the current version is a delete marker',
    example: 'deleted:true',
  },
} as const satisfies Record<string, FieldDefinition>

/** Name of a field. */
export type FieldName = keyof typeof searchFields

const byAlias: ReadonlyMap<string, FieldName> = new Map(
  (Object.keys(searchFields) as FieldName[]).flatMap((name) =>
    [name, ...searchFields[name].aliases].map((alias): [string, FieldName] => [alias, name]),
  ),
)

/** All words by which fields can be named. */
export const fieldWords: readonly string[] = [...byAlias.keys()]

/** The field of a name or alias, in any case. Undefined: there is none. */
export function fieldOf(word: string): FieldName | undefined {
  return byAlias.get(word.toLowerCase())
}
