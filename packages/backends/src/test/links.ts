import type { Backend } from '../backend.js'
import type { Links, ObjectLink } from '../objects/port.js'

/** A link, from a backend that makes them. */
export async function linkOf(backend: Backend, ...request: Parameters<Links['link']>): Promise<ObjectLink> {
  if (backend.links === undefined) throw new Error(`${backend.name} makes no links`)
  return backend.links.link(...request)
}
