// A hit as it is shown: first a URI that other tools take, then its facts, or those that were asked for.
import {
  fieldFilter,
  fieldOf,
  formatPhysicalKey,
  formatQuiltUri,
  isPackageName,
  type Json,
  nearNames,
  QuiltError,
  type SearchHit,
  toPlain,
} from '@quilt-mcp/core'
import type { ToolContext } from '../../mcp/define-tool.js'
import { type Untrusted, untrusted } from '../../mcp/untrusted.js'
import { shownMetadata } from '../packages/shown-metadata.js'

/** Facts that every kind of hit may have, by the names under which queries know them. */
const hitFields = [
  'bucket',
  'name',
  'key',
  'size',
  'modified',
  'entries',
  'comment',
  'meta',
  'workflow',
  'deleted',
  'hash',
  'pointer',
  'physical_key',
  'version_id',
  'files',
  'matched',
  'link',
] as const
type HitField = (typeof hitFields)[number]

/** What stands in the URI already is shown on request. */
const onRequest: ReadonlySet<string> = new Set(['hash', 'pointer', 'physical_key', 'version_id'])

/** Characters of the metadata of one hit, unless it is asked for. */
const metaChars = 1_000

type ShownHit = { readonly uri: string } & Readonly<Record<string, unknown>>

/** @param fields what to show beside the URI; `meta./path` is one value. Absent: what there is
 * @throws {QuiltError} `invalid_input` for a field that no hit has */
export function hitRenderer(
  ctx: Pick<ToolContext, 'links' | 'resultChars'>,
  fields?: readonly string[],
): (hit: SearchHit) => ShownHit {
  if (fields === undefined) {
    return (hit) => {
      const facts = Object.entries(factsOf(ctx, hit, { resultChars: metaChars * 2 }))
      return { uri: uriOf(hit), ...Object.fromEntries(facts.filter(([field]) => !onRequest.has(field))) }
    }
  }
  const wanted = fields.map(wantedField)
  return (hit) => {
    const facts: Readonly<Record<string, unknown>> = factsOf(ctx, hit, ctx)
    const shown = wanted.map(({ name, path }) => [name, path === undefined ? facts[name] : metaAt(hit, path)])
    return { uri: uriOf(hit), ...Object.fromEntries(shown.filter(([, value]) => value !== undefined)) }
  }
}

interface WantedField {
  readonly name: string
  /** JSON pointer of one value of the metadata. */
  readonly path?: string
}

function wantedField(text: string): WantedField {
  const field = text.trim()
  const exact = ['uri', ...hitFields].find((one) => one === field.toLowerCase())
  if (exact !== undefined) return { name: exact }
  if (/^(meta|metadata|user_meta)[./]/i.test(field)) {
    const term = fieldFilter(field, '*')
    if (term.kind === 'field' && term.path !== undefined) return { name: `meta.${term.path}`, path: term.path }
  }
  const known = hitFields.find((one) => one === fieldOf(field))
  if (known !== undefined) return { name: known }
  const near = nearNames(field, hitFields, 1)
  throw new QuiltError('invalid_input', `hits have no field ${JSON.stringify(field.slice(0, 100))}`, {
    hint: `${near.length > 0 ? `Did you mean ${near[0]}? ` : ''}Fields: uri, ${hitFields.join(', ')}, meta./path.`,
    details: { argument: 'fields' },
  })
}

/** All facts of a hit. What is not known is undefined. */
function factsOf(
  { links }: Pick<ToolContext, 'links'>,
  hit: SearchHit,
  room: Pick<ToolContext, 'resultChars'>,
): { readonly [Field in HitField]?: unknown } {
  const facts = kindFacts(links, hit, room)
  const matched = hit.matched.map(({ field, text }) => ({ field, text: untrusted(text) }))
  return Object.fromEntries(
    Object.entries({
      bucket: hit.bucket,
      ...facts,
      matched: matched.length > 0 ? matched : undefined,
    }).filter(([, value]) => value !== undefined),
  )
}

function kindFacts(
  links: ToolContext['links'],
  hit: SearchHit,
  room: Pick<ToolContext, 'resultChars'>,
): { readonly [Field in HitField]?: unknown } {
  switch (hit.kind) {
    case 'package':
      return {
        name: hit.name,
        link: links.packageUrl({ bucket: hit.bucket, name: hit.name, topHash: hit.topHash }),
        size: hit.size,
        modified: hit.modified,
        entries: hit.entries,
        comment: hit.comment === undefined ? undefined : untrusted(hit.comment),
        meta: shownMeta(hit.userMeta, room),
        workflow: hit.workflow === undefined ? undefined : untrusted(hit.workflow),
        hash: hit.topHash,
        pointer: hit.pointer,
        files: hit.files?.map(({ logicalKey, size }) => ({ key: logicalKey, size })),
      }
    case 'entry':
      return {
        name: hit.name,
        key: hit.logicalKey,
        link: links.packageUrl({ bucket: hit.bucket, name: hit.name, topHash: hit.topHash, path: hit.logicalKey }),
        size: hit.size,
        modified: hit.modified,
        meta: shownMeta(hit.userMeta, room),
        hash: hit.topHash,
        physical_key: hit.physicalKey,
      }
    case 'object':
      return {
        key: hit.key,
        link: links.objectUrl(placeOf(hit)),
        size: hit.size,
        modified: hit.modified,
        deleted: hit.deleted === true ? true : undefined,
        version_id: hit.versionId,
      }
  }
}

/** Also for the URI of an object that is found. */
const placeOf = ({ bucket, key, versionId }: Extract<SearchHit, { kind: 'object' }>) => ({
  bucket,
  key,
  ...(versionId !== undefined && { versionId }),
})

/** Whether a hit can be named. A registry may hold folders that look like packages, whose names no package can have. */
export const isNamed = (hit: SearchHit): boolean => hit.kind === 'object' || isPackageName(hit.name)

/** The URI of a hit: quilt+s3 for packages and their files, pinned to the revision; s3 for objects, pinned to the version. */
function uriOf(hit: SearchHit): string {
  switch (hit.kind) {
    case 'package':
      return formatQuiltUri({ bucket: hit.bucket, name: hit.name, topHash: hit.topHash })
    case 'entry':
      return formatQuiltUri({ bucket: hit.bucket, name: hit.name, topHash: hit.topHash, path: hit.logicalKey })
    case 'object':
      return formatPhysicalKey({ kind: 's3', ...placeOf(hit) })
  }
}

function shownMeta(meta: Json | undefined, room: Pick<ToolContext, 'resultChars'>): Untrusted | undefined {
  if (meta === undefined || meta === null || (meta instanceof Map && meta.size === 0)) return undefined
  return shownMetadata(meta, room)
}

/** The value at a JSON pointer of the user metadata. */
function metaAt(hit: SearchHit, pointer: string): Untrusted | undefined {
  let value = hit.kind === 'object' ? undefined : hit.userMeta
  for (const step of pointer.split('/').slice(1)) {
    value = value instanceof Map ? value.get(step.replaceAll('~1', '/').replaceAll('~0', '~')) : undefined
  }
  return value === undefined ? undefined : untrusted(toPlain(value))
}
