// The beginning of a manifest: its header, and where it is short all of it, in one request.
import { headerMessage, type ManifestHeader, manifestKey, openManifest, QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { Revision } from '../port.js'
import type { RegistryStore } from '../stores/registry-store.js'
import { firstBytes } from './stored-text.js'

/** The first bytes of a manifest. They hold its header. */
export interface ManifestHead {
  readonly bytes: Uint8Array
  /** Whether that is all of it. */
  readonly whole: boolean
  /** Length of the manifest in bytes. */
  readonly size: number
  readonly etag: string
}

/** Bytes that are asked for at once: a manifest of a thousand entries. */
const headBytes = 262_144
/** Longer headers are not read (core has the same bound for a line). */
const mostHeaderBytes = 16 * 1_048_576
const lineEnd = 0x0a

/** Reads the head. Undefined when there is no such manifest. */
export async function readManifestHead(
  store: RegistryStore,
  topHash: string,
  { signal }: CallOptions = {},
): Promise<ManifestHead | undefined> {
  for (const most of [headBytes, mostHeaderBytes]) {
    const found = await store.read(manifestKey(topHash), { range: { first: 0, last: most - 1 }, signal })
    if (found === undefined) return undefined
    const { size, etag } = found
    const bytes = await firstBytes(found.body, most)
    const whole = bytes.length >= size
    if (whole || most === mostHeaderBytes || bytes.includes(lineEnd)) return { bytes, whole, size, etag }
  }
  return undefined
}

/** @throws {QuiltError} `upstream`, `partial` when the manifest is damaged */
export async function headerOf({ bytes }: Pick<ManifestHead, 'bytes'>): Promise<ManifestHeader> {
  const { header, close } = await openManifest(inOnePiece(bytes))
  await close()
  return header
}

/** Counts what a manifest holds. @throws {QuiltError} `upstream`, `partial` when it is damaged */
async function totalsOf(bytes: Uint8Array): Promise<{ totalEntries: number; totalBytes: number }> {
  let totalEntries = 0
  let totalBytes = 0
  for await (const { entries } of (await openManifest(inOnePiece(bytes))).lines) {
    totalEntries += entries.length
    for (const { size } of entries) totalBytes += size
  }
  return { totalEntries, totalBytes }
}

/** What lists tell of a revision beside its pointer: its message, and its totals where that takes no further request. Nothing of a
 * manifest that is damaged or gone: its pointer is listed all the same. */
export async function toldByManifest(
  store: RegistryStore,
  topHash: string,
  options: CallOptions = {},
): Promise<Pick<Revision, 'message' | 'totalEntries' | 'totalBytes'>> {
  const head = await readManifestHead(store, topHash, options)
  if (head === undefined) return {}
  try {
    const message = headerMessage(await headerOf(head)) ?? null
    return head.whole ? { message, ...(await totalsOf(head.bytes)) } : { message }
  } catch (error) {
    if (error instanceof QuiltError) return {}
    throw error
  }
}

/** Bytes at hand as a source. */
export async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}
