// Small texts of a registry: pointers, configs, schemas. And where they lie, as a URL.
import { formatPhysicalKey, parsePhysicalKey, QuiltError } from '@quilt-mcp/core'
import type { RegistryStore, StoredBytes } from '../stores/registry-store.js'

/** The text of stored bytes, up to a length.
 * @param mostBytes what lies behind is left unread; the caller compares with `size` when it matters */
export async function storedText(found: Pick<StoredBytes, 'body'>, mostBytes: number): Promise<string> {
  return new TextDecoder().decode(await firstBytes(found.body, mostBytes))
}

/** The first bytes of a body; leaves it then. */
export async function firstBytes(body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= mostBytes) break
  }
  return Buffer.concat(chunks).subarray(0, mostBytes)
}

/** The whole of a text that must not be long.
 * @param what what it is called in the error
 * @throws {QuiltError} `invalid_input` when it is longer */
export async function shortText(
  found: Pick<StoredBytes, 'body' | 'size'>,
  { what, mostBytes }: { readonly what: string; readonly mostBytes: number },
): Promise<string> {
  if (found.size <= mostBytes) return storedText(found, mostBytes)
  throw new QuiltError('invalid_input', `${what} is longer than ${mostBytes} bytes`, {
    hint: 'Make it shorter, or ask who maintains the bucket.',
  })
}

/** The physical key of what lies under a key of a registry.
 * @param versionId absent where the store keeps no versions */
export function storedUrl({ url }: Pick<RegistryStore, 'url'>, key: string, versionId?: string): string {
  const root = parsePhysicalKey(url.startsWith('s3:') ? `${url}/` : url)
  return root.kind === 's3'
    ? formatPhysicalKey({ kind: 's3', bucket: root.bucket, key, versionId })
    : formatPhysicalKey({ kind: 'file', path: `${root.path}/${key}` })
}
