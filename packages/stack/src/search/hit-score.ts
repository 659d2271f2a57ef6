// How well a hit fits, as a number: what core counts of what the hit tells.
import { type Query, type SearchDocument, type SearchHit, type SearchScope, scoreOf } from '@quilt-mcp/core'

const scopes = { package: 'packages', entry: 'entries', object: 'objects' } as const satisfies Record<
  SearchHit['kind'],
  SearchScope
>

/** The score of a hit. @param query that found it */
export const hitScore = (hit: SearchHit, query: Query): number =>
  scoreOf(query, documentOf(hit), { scope: scopes[hit.kind] })

function documentOf(hit: SearchHit): SearchDocument {
  if (hit.kind === 'object') return { key: hit.key }
  if (hit.kind === 'entry') return { key: hit.logicalKey, ...(hit.userMeta !== undefined && { meta: hit.userMeta }) }
  const { name, comment, userMeta, workflow, files = [] } = hit
  return {
    name,
    ...(comment !== undefined && { comment }),
    ...(userMeta !== undefined && { meta: userMeta }),
    ...(workflow !== undefined && { workflow }),
    files: files.map(({ logicalKey }) => logicalKey),
  }
}
