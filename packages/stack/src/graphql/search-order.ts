// In which order hits are asked for: the orders of objects, and the grammar of `PackageOrdering` (formats.md 7.5).
import type { MetaType, SearchOrder } from '@quilt-mcp/core'
import { InputRefused } from '../packages/failures.js'

export type ResultOrder = 'BEST_MATCH' | 'NEWEST' | 'OLDEST' | 'LEX_ASC' | 'LEX_DESC'

/** The order of objects, and of packages on stacks of the older kind. Undefined: the best first. */
export function resultOrder(order: ResultOrder | null | undefined, lexical: 'key' | 'name'): SearchOrder | undefined {
  switch (order) {
    case 'NEWEST':
      return { by: 'modified', direction: 'desc' }
    case 'OLDEST':
      return { by: 'modified', direction: 'asc' }
    case 'LEX_ASC':
      return { by: lexical, direction: 'asc' }
    case 'LEX_DESC':
      return { by: lexical, direction: 'desc' }
    default:
      return undefined
  }
}

/** An order of packages, read. */
export interface PackageOrder {
  readonly order: SearchOrder
  /** As what the values at a path of the user metadata are ordered. */
  readonly metaType?: MetaType
}

const systemOrder = /^sys:(name|modified|size|entries|hash|workflow|comment):(asc|desc)$/
const userOrder = /^usr:([\s\S]*):(number|datetime|keyword|text|boolean):(asc|desc)$/

/** Reads a `PackageOrdering`. Undefined: the best first.
 * @throws {InputRefused} named `ordering` when it is none, `UnsupportedSort` when packages cannot be ordered by that */
export function packageOrder(ordering: string | null | undefined): PackageOrder | undefined {
  if (ordering == null) return undefined
  const [, field, fieldDirection] = systemOrder.exec(ordering) ?? []
  if (field !== undefined) {
    if (field === 'comment') throw unsupportedSort('Packages cannot be ordered by their comments: they are long text.')
    return { order: { by: systemField(field), direction: directionOf(fieldDirection) } }
  }
  const [, path, type, direction] = userOrder.exec(ordering) ?? []
  const metaType = metaTypes.find((one) => one === type)
  if (path === undefined || metaType === undefined || !(path === '' || path.startsWith('/'))) {
    throw new InputRefused([
      {
        path: 'ordering',
        name: 'ordering',
        message: 'An ordering is sys:<field>:<asc|desc> or usr:<JSON pointer>:<type>:<asc|desc>.',
      },
    ])
  }
  if (metaType === 'text') throw unsupportedSort(`Packages cannot be ordered by ${path}: its values are long text.`)
  return { order: { by: 'meta', path, direction: directionOf(direction) }, metaType }
}

/** What says that packages cannot be ordered so. */
export const unsupportedSort = (message: string): InputRefused =>
  new InputRefused([{ path: 'ordering', name: 'UnsupportedSort', message }])

const metaTypes: readonly MetaType[] = ['number', 'datetime', 'keyword', 'text', 'boolean']

const systemFields = ['name', 'modified', 'size', 'entries', 'hash', 'workflow'] as const
type SystemField = (typeof systemFields)[number]
const systemField = (name: string): SystemField => systemFields.find((field) => field === name) ?? 'name'
const directionOf = (text: string | undefined): 'asc' | 'desc' => (text === 'desc' ? 'desc' : 'asc')
