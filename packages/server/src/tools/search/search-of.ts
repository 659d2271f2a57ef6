// The search of a backend, for those who cannot do without.
import type { Backend, Search } from '@quilt-mcp/backends'
import { lacks } from '../../mcp/capabilities.js'

/** @throws {QuiltError} `unsupported` when this backend has none: says which have, and how to get there */
export function searchOf({ search, name }: Backend): Search {
  if (search === undefined) throw lacks('search', ['search'], { name, capabilities: new Set() })
  return search
}
