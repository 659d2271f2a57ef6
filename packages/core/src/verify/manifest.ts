// Does a manifest have the hash it is named after? Nothing else checks that (formats.md 3.5).
import { QuiltError } from '../errors.js'
import type { Entry, ManifestHeader } from '../manifest/entry.js'
import { type HashedManifest, hashLines } from '../manifest/hash-lines.js'
import type { ReadManifestOptions } from '../manifest/open-lines.js'
import { openManifest } from '../manifest/read.js'
import { topHashOf } from '../manifest/top-hash.js'
import { isTopHash } from '../name.js'

/** What a manifest turned out to be. */
export interface VerifiedManifest extends HashedManifest {
  /**
   * Whether it has the hash it is named after. When not, it need not be damaged: Python users may have set metadata keys
   * that are no text, and those were hashed in an order that the manifest does not tell (formats.md 3.4).
   */
  readonly matches: boolean
}

/**
 * Computes the top hash of a manifest and compares it with its name.
 *
 * One pass in bounded memory when the entries are in tree order, as quilt3 writes them; else `open` is called a second
 * time and all entries are held to be sorted.
 * @param open gives the bytes of the manifest from their beginning, at each call
 * @param topHash the name of the manifest: 64 lowercase hex digits
 * @throws {QuiltError} `invalid_input` for a name that is no top hash; `upstream` and `partial` as `openManifest` says
 */
export async function verifyManifest(
  open: () => AsyncIterable<Uint8Array>,
  topHash: string,
  options?: ReadManifestOptions,
): Promise<VerifiedManifest> {
  if (!isTopHash(topHash)) {
    throw new QuiltError('invalid_input', `${JSON.stringify(topHash)} is not a top hash`, {
      hint: 'Give all 64 lowercase hex digits.',
    })
  }
  const found = (await hashLines(open(), options)) ?? (await hashSorted(open(), options))
  return { ...found, matches: found.topHash === topHash }
}

async function hashSorted(
  source: AsyncIterable<Uint8Array>,
  options: ReadManifestOptions | undefined,
): Promise<HashedManifest> {
  const { header, entries } = await readAll(source, options)
  const bytes = entries.reduce((sum, { size }) => sum + size, 0)
  return { topHash: topHashOf(header, entries), entries: entries.length, bytes }
}

async function readAll(
  source: AsyncIterable<Uint8Array>,
  options: ReadManifestOptions | undefined,
): Promise<{ readonly header: ManifestHeader; readonly entries: readonly Entry[] }> {
  const { header, lines } = await openManifest(source, options)
  const entries: Entry[] = []
  for await (const batch of lines) entries.push(...batch.entries)
  return { header, entries }
}
