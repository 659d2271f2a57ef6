// Orders as the registry takes them (formats.md 7.5).
import { type MetaType, QuiltError, type SearchOrder, type SearchScope } from '@quilt-mcp/core'
import type { ResultOrder } from '../../registry-api/search-input.js'

const scopeOrders: Readonly<Record<SearchScope, readonly SearchOrder['by'][]>> = {
  packages: ['name', 'modified', 'size', 'entries', 'hash', 'workflow', 'meta'],
  entries: ['name', 'key', 'modified', 'size', 'meta'],
  objects: ['key', 'modified', 'size'],
}
const registryOrders: Readonly<Record<SearchScope, readonly SearchOrder['by'][]>> = {
  packages: scopeOrders.packages,
  entries: ['name', 'modified'],
  objects: ['key', 'modified'],
}
const olderOrders: readonly SearchOrder['by'][] = ['name', 'modified']

/** @throws {QuiltError} `invalid_input` for an order that the scope does not have, `unsupported` for one that the registry does not */
export function checkOrder(order: SearchOrder | undefined, scope: SearchScope): void {
  if (order === undefined) return
  if (!scopeOrders[scope].includes(order.by)) {
    throw new QuiltError('invalid_input', `${scope} cannot be ordered by ${order.by}`, {
      hint: `Order by ${scopeOrders[scope].join(', ')}, or leave the order out for the best first.`,
    })
  }
  if (!registryOrders[scope].includes(order.by)) throw noOrder(scope, order, registryOrders[scope])
}

/** An ordering of packages; null: the best first. @param type of the metadata, when it is ordered by */
export function orderingOf(order: SearchOrder | undefined, type?: MetaType): string | null {
  if (order === undefined) return null
  if (order.by === 'meta') return `usr:${order.path}:${type ?? 'keyword'}:${order.direction}`
  return `sys:${order.by}:${order.direction}`
}

/** The order of objects, and of packages on older stacks.
 * @throws {QuiltError} `unsupported` when there is none */
export function resultOrderOf(order: SearchOrder | undefined, scope: SearchScope): ResultOrder {
  if (order === undefined) return 'BEST_MATCH'
  if (order.by === 'modified') return order.direction === 'desc' ? 'NEWEST' : 'OLDEST'
  if (order.by === 'name' || order.by === 'key') return order.direction === 'asc' ? 'LEX_ASC' : 'LEX_DESC'
  throw noOrder(scope, order, olderOrders)
}

function noOrder(scope: SearchScope, { by }: SearchOrder, known: readonly string[]): QuiltError {
  return new QuiltError('unsupported', `This registry does not order ${scope} by ${by}`, {
    hint: `Order by ${known.join(' or ')}, or leave the order out for the best first.`,
    details: { orders: known },
  })
}
