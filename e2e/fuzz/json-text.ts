// JSON that JSON.stringify would not write: duplicate keys, numbers out of range, lone surrogates, nesting without end.

/** A JSON value, pieces of raw text in it. */
export type Node = null | boolean | number | string | Raw | readonly Node[] | NodeObject
/** Text that is written as it is. */
export interface Raw {
  readonly raw: string
}
/** An object by its members, so that a key may come twice. */
export interface NodeObject {
  readonly members: readonly (readonly [string, Node])[]
}

/** A node of a plain JSON value. */
export function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return value.map(nodeOf)
  if (typeof value === 'object' && value !== null) {
    return { members: Object.entries(value).map(([key, member]) => [key, nodeOf(member)] as const) }
  }
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  return null
}

export const isList = (node: Node): node is readonly Node[] => Array.isArray(node)
export const isObject = (node: Node): node is NodeObject =>
  typeof node === 'object' && node !== null && 'members' in node

/** The text of a node. */
export function jsonText(node: Node): string {
  if (isList(node)) return `[${node.map(jsonText).join(',')}]`
  if (isObject(node)) {
    return `{${node.members.map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`).join(',')}}`
  }
  return typeof node === 'object' && node !== null ? node.raw : JSON.stringify(node)
}
