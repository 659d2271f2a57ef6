// Which files are text that is worth its words, and reading them.
import { fileExtension } from '@quilt-mcp/core'
import { currentVersion, storedText } from '../packages/stored-text.js'
import type { ObjectStore } from '../store/object-store.js'

/** Larger files are not read. */
export const mostTextBytes = 64 * 1024

const textExtensions: ReadonlySet<string> = new Set(
  `csv tsv tab txt text log md markdown rst tex html htm xml svg json jsonl ndjson geojson yaml yml toml ini cfg conf
  ipynb rmd qmd r py js ts sh sql bed gff gtf vcf fasta fa`.split(/\s+/),
)

/** Whether a file's words are indexed, by its name and size. */
export function isSmallText(key: string, size: number): boolean {
  return size > 0 && size <= mostTextBytes && textExtensions.has(fileExtension(key) ?? '')
}

/** The text of the current version of a small text file. Undefined: it is none, or it is gone. */
export async function smallText(store: ObjectStore, bucket: string, key: string): Promise<string | undefined> {
  const version = currentVersion(store, bucket, key)
  if (version === undefined || !isSmallText(key, version.size)) return undefined
  const text = await storedText(store, version, mostTextBytes)
  return text.includes('\0') ? undefined : text // what has NUL in it is called text only
}
