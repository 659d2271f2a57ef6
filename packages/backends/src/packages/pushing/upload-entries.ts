// Uploads the bytes that come along with a plan, and tells where they are now (formats.md 2.8).
import { formatPhysicalKey } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { CallOptions } from '../../call-options.js'
import type { Objects } from '../../objects/port.js'
import type { PackageRef, PlacedEntry, PlannedEntry } from '../port.js'
import { hasContent } from './plan-entries.js'

const uploadsAtOnce = 8

/** @returns the entries, in their order, each with a place */
export async function uploadEntries(
  objects: Pick<Objects, 'put'>,
  { bucket, name, entries }: PackageRef & { readonly entries: readonly PlannedEntry[] },
  { signal, onProgress }: CallOptions = {},
): Promise<readonly PlacedEntry[]> {
  const total = entries.filter(hasContent).length
  let done = 0
  return pLimit(uploadsAtOnce).map(entries, async (entry): Promise<PlacedEntry> => {
    if (!hasContent(entry)) return entry
    signal?.throwIfAborted()
    const { logicalKey, content, contentType, meta } = entry
    const key = `${name}/${logicalKey}`
    const { size, hash, versionId } = await objects.put({ bucket, key }, content, { contentType, signal })
    done += 1
    onProgress?.({ done, total, message: 'Uploading' })
    const physicalKey = formatPhysicalKey({ kind: 's3', bucket, key, ...(versionId !== undefined && { versionId }) })
    return { logicalKey, physicalKey, size, hash, ...(meta !== undefined && { meta }) }
  })
}
