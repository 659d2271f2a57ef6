// What the contract suite needs of the world around a backend, and how results of different worlds become comparable.
import { encodeJson } from '@quilt-mcp/core'
import type { Backend, Identity } from '../../backend.js'

/** A backend with a registry of its own that nobody else uses. */
export interface ContractWorld {
  /** Of somebody who may read and write the bucket. */
  readonly backend: Backend
  /** Of somebody who may read the bucket but not write it. Absent where the backend knows no rights. */
  readonly reader?: Backend
  /** The name of the one bucket that the suite works in; empty at first. */
  readonly bucket: string
  /** `s3://bucket` or `file:///folder`: what physical keys in results begin with. */
  readonly root: string
  /** Another bucket that may be read and written. */
  readonly other: { readonly bucket: string; readonly root: string }
  /** What `identity()` tells. */
  readonly identity: Identity
  /** Writes bytes to a key of the registry as another program would, past the backend. */
  plant(key: string, text: string): Promise<void>
  /** Removes what is at a key, past the backend. */
  unplant(key: string): Promise<void>
  /** The bytes at a key, read past the backend. Undefined when there are none. */
  stored(key: string): Promise<string | undefined>
  /** The names that lie directly below a prefix ending in `/`, read past the backend, sorted. */
  names(prefix: string): Promise<readonly string[]>
  close(): Promise<void>
}

/** A result as it is compared: without what a world is free in. Places become `registry:/key`, the bucket `BUCKET`, version ids go,
 * times, ETags and top hashes of lists stay what they are unless the case replaces them; lossless JSON becomes its text. */
export function seen(world: ContractWorld, value: unknown): unknown {
  if (typeof value === 'string') return seenText(world, value)
  if (value instanceof Map) return seenText(world, encodeJson(value))
  if (Array.isArray(value)) return value.map((item) => seen(world, item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => member !== undefined && name !== 'versionId')
      .map(([name, member]) => [name, seen(world, member)]),
  )
}

function seenText({ root, bucket }: ContractWorld, text: string): string {
  return text
    .replaceAll(root, 'registry:')
    .replaceAll(`s3://${bucket}`, 'registry:')
    .replace(/\?versionId=[^"&\s]+/g, '')
    .replace(new RegExp(`\\b${bucket}\\b`, 'g'), 'BUCKET')
}
