// Which objects a push copies into the package's bucket (formats.md 2.8).
import { parsePhysicalKey } from '@quilt-mcp/core'
import { storedUrl } from '../manifests/stored-text.js'
import type { CopyMode } from '../port.js'
import type { RegistryStore } from '../stores/registry-store.js'

type Root = Pick<RegistryStore, 'url'>

/** @param folder where copies go, with its slash
 * @returns whether the object of an entry is copied */
export function copyRule(
  root: Root,
  { folder, copy }: { readonly folder: string; readonly copy: CopyMode },
): (logicalKey: string, physicalKey: string) => boolean {
  if (copy === 'none') return () => false
  if (copy === 'new') return (_, physicalKey) => !liesIn(root, physicalKey)
  return (logicalKey, physicalKey) => !isSamePlace(physicalKey, storedUrl(root, `${folder}${logicalKey}`))
}

/** Whether the bytes of an entry lie in the registry already. */
export function liesIn({ url }: Root, physicalKey: string): boolean {
  const place = parsePhysicalKey(physicalKey)
  return place.kind === 's3' ? url === `s3://${place.bucket}` : physicalKey.startsWith(`${url}/`)
}

/** Whether two places are one, whichever version of it is meant. */
function isSamePlace(a: string, b: string): boolean {
  const [one, other] = [parsePhysicalKey(a), parsePhysicalKey(b)]
  if (one.kind === 's3') return other.kind === 's3' && one.bucket === other.bucket && one.key === other.key
  return other.kind === 'file' && one.path === other.path
}
