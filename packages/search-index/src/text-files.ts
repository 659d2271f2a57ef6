// Which files are text that is worth its words.
import { fileExtension } from '@quilt-mcp/core'

/** Bytes. Larger files are not read. */
export const mostTextBytes = 64 * 1024

const textExtensions: ReadonlySet<string> = new Set(
  `csv tsv tab txt text log md markdown rst tex html htm xml svg json jsonl ndjson geojson yaml yml toml ini cfg conf
  ipynb rmd qmd r py js ts sh sql bed gff gtf vcf fasta fa`.split(/\s+/),
)

/** Whether a file's words are indexed, by its name and size. */
export function isSmallText(key: string, size: number): boolean {
  return size > 0 && size <= mostTextBytes && textExtensions.has(fileExtension(key) ?? '')
}
