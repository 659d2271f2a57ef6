// Small manifests built line by line, and a reader that takes all of one.
import type { DirectoryMeta, Entry } from '../manifest/entry.js'
import type { ReadManifestOptions } from '../manifest/open-lines.js'
import { openManifest } from '../manifest/read.js'

/** A header that says nothing. */
export const header = '{"version": "v0", "message": null}'
/** The line of an entry. */
export const line = (key: string): string =>
  `{"logical_key": ${JSON.stringify(key)}, "physical_keys": ["s3://b/k"], "size": 5, "hash": {"type": "SHA256", "value": "00"}, "meta": {}}`
/** The lines, each ended. */
export const text = (...lines: readonly string[]): string => lines.map((each) => `${each}\n`).join('')
/** Lines of `count` entries in tree order: `f000000` and so on. */
export const manyLines = (count: number): string =>
  text(...Array.from({ length: count }, (_, index) => line(`f${String(index).padStart(6, '0')}`)))

/** Everything that a manifest says, and how many lines each batch had. */
export async function read(source: AsyncIterable<Uint8Array>, options?: ReadManifestOptions) {
  const manifest = await openManifest(source, options)
  const directories: DirectoryMeta[] = []
  const entries: Entry[] = []
  const batchSizes: number[] = []
  for await (const batch of manifest.lines) {
    directories.push(...batch.directories)
    entries.push(...batch.entries)
    batchSizes.push(batch.directories.length + batch.entries.length)
  }
  return { header: manifest.header, directories, entries, batchSizes }
}
