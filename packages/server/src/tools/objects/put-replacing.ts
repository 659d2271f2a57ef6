// What must hold when an object is written: that none is there, or exactly the one that the user saw and agreed to replace.
import type { ObjectInfo, ObjectLocation } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import type { ToolContext } from '../../mcp/define-tool.js'
import { current } from './put-target.js'

export interface ReplaceArguments {
  readonly overwrite: boolean
  readonly if_match?: string | undefined
  readonly confirm?: string | undefined
}

/** What a write is bound to, and whether it replaces something. */
export interface Condition {
  readonly ifAbsent?: boolean
  readonly ifMatch?: string
  readonly replaced: boolean
}

/** One object to be written, as the question shows it. */
export interface Replacement {
  readonly location: ObjectLocation
  /** Bytes. */
  readonly size: number
  /** Tells the new content from another. */
  readonly digest: string
}

const namedInQuestion = 10

/** What is there, looked at for a dry run. @throws {QuiltError} `conflict` that names all which a write would refuse to replace */
export async function whatIsThere(
  ctx: ToolContext,
  objects: readonly Pick<Replacement, 'location'>[],
  { overwrite, if_match: ifMatch }: ReplaceArguments,
): Promise<readonly (ObjectInfo | 'unknown' | undefined)[]> {
  const found = await Promise.all(objects.map(({ location }) => current(ctx, location)))
  if (ifMatch !== undefined) {
    for (const [index, object] of objects.entries()) checkMatch(object, found[index], ifMatch)
    return found
  }
  const there = objects.filter((_, index) => found[index] !== undefined).map(({ location }) => location.key)
  if (overwrite || there.length === 0) return found
  const named = there.slice(0, namedInQuestion).join(', ')
  const more = there.length > namedInQuestion ? `, and ${there.length - namedInQuestion} more` : ''
  throw new QuiltError('conflict', `${named}${more}: there already, and would not be replaced`, {
    hint: 'Choose other keys, or pass overwrite: true to replace them.',
    details: { keys: there.slice(0, 100) },
    nextTools: ['object_info', 'object_put'],
  })
}

/** Looks at what is there and asks once for all that would be replaced. In the order of the objects.
 * @throws {QuiltError} `conflict` when there is a question, or when `if_match` does not hold */
export async function conditionsOf(
  ctx: ToolContext,
  objects: readonly Replacement[],
  { overwrite, if_match: ifMatch, confirm: token }: ReplaceArguments,
): Promise<readonly Condition[]> {
  if (!overwrite && ifMatch === undefined) return objects.map(() => ({ ifAbsent: true, replaced: false }))
  const found = await Promise.all(objects.map(({ location }) => current(ctx, location)))
  const there = objects.flatMap((object, index) => {
    const info = found[index]
    if (ifMatch !== undefined) checkMatch(object, info, ifMatch)
    return info === undefined ? [] : [{ ...object, info }]
  })
  if (there.length > 0) {
    const named = there.slice(0, namedInQuestion).map(question)
    const more = there.length > namedInQuestion ? `, and ${there.length - namedInQuestion} more` : ''
    await ctx.confirm({
      message: `Replace ${named.join(', ')}${more}.`,
      subject: { replace: there.map(({ location, digest, info }) => ({ ...location, digest, ...stateOf(info) })) },
      token,
    })
  }
  return found.map((info) => {
    if (info === undefined) return { ifAbsent: true, replaced: false }
    if (info === 'unknown' || info.etag === undefined) return { replaced: true }
    return { ifMatch: info.etag, replaced: true }
  })
}

function question({ location: { bucket, key }, size, info }: Replacement & { readonly info: ObjectInfo | 'unknown' }) {
  const there =
    info === 'unknown'
      ? 'what may be there cannot be seen'
      : `${info.size} bytes${info.modified === undefined ? '' : `, of ${info.modified}`}`
  return `s3://${bucket}/${key} (${there}) by ${size} bytes`
}

const stateOf = (info: ObjectInfo | 'unknown') =>
  info === 'unknown' ? { etag: 'unknown' } : { etag: info.etag, versionId: info.versionId }

function checkMatch(
  { location }: Pick<Replacement, 'location'>,
  info: ObjectInfo | 'unknown' | undefined,
  ifMatch: string,
): void {
  const wanted = ifMatch.replace(/^"|"$/g, '')
  if (info !== undefined && info !== 'unknown' && info.etag === wanted) return
  const { bucket, key } = location
  const found = info === undefined ? 'there is no such object' : 'it has another ETag'
  throw new QuiltError('conflict', `s3://${bucket}/${key}: ${found} than if_match says; nothing was written`, {
    hint: 'Look at it with object_info, then decide again.',
    details: { bucket, key },
    nextTools: ['object_info'],
  })
}
