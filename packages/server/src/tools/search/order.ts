// The argument `sort`.
import { fieldFilter, QuiltError, type SearchOrder } from '@quilt-mcp/core'

const orders = ['name', 'key', 'modified', 'size', 'entries', 'hash', 'workflow'] as const
/** What is looked for by these is the newest and the largest. */
const descending: readonly string[] = ['modified', 'size', 'entries']

/** Reads `modified:desc`, `size`, `meta./path:asc`. Undefined: the best first.
 * @throws {QuiltError} `invalid_input` for what hits cannot be ordered by */
export function orderOf(sort = 'relevance'): SearchOrder | undefined {
  const [, named = '', direction] = /^\s*(.+?)\s*(?:[:\s]\s*(asc|desc))?\s*$/is.exec(sort) ?? []
  if (/^(relevance|best_match|score|)$/i.test(named)) return undefined
  const term = fieldFilter(named, '*')
  const by = term.kind === 'field' ? orders.find((one) => one === term.field) : undefined
  if (by !== undefined) return { by, direction: directionOf(direction, descending.includes(by)) }
  if (term.kind === 'field' && term.field === 'meta' && term.path !== undefined && term.path !== '') {
    return { by: 'meta', path: term.path, direction: directionOf(direction, false) }
  }
  throw new QuiltError('invalid_input', `hits cannot be ordered by ${named.slice(0, 100)}`, {
    hint: `Order by ${orders.join(', ')} or meta./path, with :asc or :desc behind it; relevance puts the best first.`,
    details: { argument: 'sort' },
  })
}

const directionOf = (given: string | undefined, isDescending: boolean): 'asc' | 'desc' =>
  given === undefined ? (isDescending ? 'desc' : 'asc') : given.toLowerCase() === 'asc' ? 'asc' : 'desc'
