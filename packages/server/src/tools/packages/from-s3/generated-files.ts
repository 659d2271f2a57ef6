// Files that are made for the package: README.md, and quilt_summarize.json for the catalog (formats.md 9.1, 9.2).
import type { ContentEntry } from '@quilt-mcp/backends'
import { encodeManifestJson, formatSummarize, isJsonObject, type Json, type SummarizeRow } from '@quilt-mcp/core'
import { cutText } from '../../cut-text.js'
import type { Amount, Survey } from './survey.js'

export interface GeneratedFiles {
  /** In tree order. */
  readonly entries: readonly (ContentEntry & { readonly content: Uint8Array })[]
  /** What was wanted and not made, and why. */
  readonly notes: readonly string[]
}

export interface GeneratedFacts {
  /** `namespace/name`. */
  readonly name: string
  /** `s3://bucket/prefix/`. */
  readonly source: string
  readonly survey: Survey
  readonly metadata: Json | undefined
  /** `YYYY-MM-DD`. */
  readonly created: string
}

/** Makes what is wanted. A file that the prefix has is never replaced. */
export async function generatedFiles(
  facts: GeneratedFacts,
  wanted: { readonly readme: boolean; readonly summarize: boolean },
): Promise<GeneratedFiles> {
  const { survey } = facts
  const entries: (ContentEntry & { readonly content: Uint8Array })[] = []
  const notes: string[] = []
  const make = (logicalKey: string, text: string, contentType: string): void =>
    void entries.push({ logicalKey, content: new TextEncoder().encode(text), contentType })
  if (wanted.readme && survey.readme !== undefined) notes.push(`${survey.readme} is there already: none was made`)
  else if (wanted.readme) make('README.md', readmeText(facts), 'text/markdown')
  if (!wanted.summarize) return { entries, notes }
  const rows = summarizeRows(survey)
  if (survey.summarize !== undefined) notes.push(`${survey.summarize} is there already: none was made`)
  else if (rows.length === 0)
    notes.push('no quilt_summarize.json was made: no file is of a kind that the catalog shows')
  else make('quilt_summarize.json', await formatSummarize(rows), 'application/json')
  return { entries, notes }
}

const pictures = ['png', 'jpg', 'jpeg', 'svg', 'gif', 'webp']
const mostPictures = 4
const mostOthers = 6

/** Reports and notebooks first, then tables, each in a row; pictures beside each other. The README is shown without being named. */
function summarizeRows({ worthShowing, readme }: Survey): readonly SummarizeRow[] {
  const pick = (endings: readonly string[], most: number): readonly string[] =>
    endings
      .flatMap((ending) => worthShowing.get(ending) ?? [])
      .filter((path) => path !== readme)
      .slice(0, most)
  const others = pick(['html', 'ipynb', 'csv', 'tsv', 'parquet', 'pdf', 'md'], mostOthers)
  const images = pick(pictures, mostPictures)
  const rows = others.map((path, at): SummarizeRow => [{ path, ...(at === 0 && { expand: true }) }])
  return images.length === 0 ? rows : [...rows, images.map((path) => ({ path }))]
}

function readmeText({ name, source, survey, metadata, created }: GeneratedFacts): string {
  const { total, folders, folderCount, kinds } = survey
  const rest = folderCount - folders.filter(({ path }) => path !== '').length
  const parts = [
    `# ${plain(name)}`,
    `${filesText(total)} from ${plain(source)}, collected on ${created}.`,
    '## Contents',
    table(
      ['Folder', 'Files', 'Size'],
      folders.map(({ path, ...amount }) => [path === '' ? '(root)' : plain(path), ...amountCells(amount)]),
    ),
    ...(rest > 0 ? [`And ${rest} more folders.`] : []),
    '## Kinds of files',
    table(
      ['Kind', 'Files', 'Size'],
      [...kinds].map(([kind, amount]) => [kind, ...amountCells(amount)]),
    ),
  ]
  if (metadata !== undefined && isJsonObject(metadata) && metadata.size > 0) {
    const rows = [...metadata].map(([key, value]) => [plain(key), plain(metadataText(value))])
    parts.push('## Metadata', table(['Key', 'Value'], rows))
  }
  return `${parts.join('\n\n')}\n`
}

const longestValue = 300

function metadataText(value: Json): string {
  const text = typeof value === 'string' ? value : encodeManifestJson(value)
  return text.length > longestValue ? `${cutText(text, longestValue)}...` : text
}

const filesText = ({ files, bytes }: Amount): string =>
  `${count(files)} ${files === 1 ? 'file' : 'files'} (${sizeText(bytes)})`
const amountCells = ({ files, bytes }: Amount): readonly string[] => [count(files), sizeText(bytes)]
const count = (number: number): string => number.toLocaleString('en-US')

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Text of users that shall be read as it is: no markup, no link, no line of its own. */
const plain = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#!|~&]|(?<=https?|ftp):|(?<=www)\./gi, '\\$&')

const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB']

/** `1.2 GB`, counted in thousands. */
export function sizeText(bytes: number): string {
  const step = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const number = bytes / 1_000 ** step
  return `${step === 0 ? number : Number(number.toPrecision(3))} ${units[step]}`
}
