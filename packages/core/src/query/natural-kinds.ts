// Kinds of files, as people name them.
import type { Saying } from './natural-saying.js'
import { extensionFilter, saying } from './natural-words.js'

/** Formats that have other extensions than their name, or more. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  excel: ['xlsx', 'xls'],
  fasta: ['fasta', 'fa', 'fasta.gz', 'fa.gz'],
  fastq: ['fastq', 'fq', 'fastq.gz', 'fq.gz'],
  hdf5: ['h5', 'hdf5'],
  html: ['html', 'htm'],
  jpeg: ['jpg', 'jpeg'],
  jpg: ['jpg', 'jpeg'],
  jupyter: ['ipynb'],
  markdown: ['md'],
  powerpoint: ['pptx', 'ppt'],
  python: ['py'],
  tif: ['tif', 'tiff'],
  tiff: ['tif', 'tiff'],
  vcf: ['vcf', 'vcf.gz'],
  word: ['docx', 'doc'],
  yaml: ['yaml', 'yml'],
}
/** Formats that are called as their extension. What is a word of its own (`raw`, `text`, `data`, `log`) is not among them. */
const formats = [
  ...[
    'csv',
    'tsv',
    'parquet',
    'json',
    'jsonl',
    'ndjson',
    'txt',
    'md',
    'pdf',
    'xml',
    'yml',
    'xlsx',
    'xls',
    'docx',
    'pptx',
  ],
  ...[
    'png',
    'gif',
    'svg',
    'bmp',
    'webp',
    'czi',
    'nd2',
    'dcm',
    'nii',
    'mp4',
    'zip',
    'gz',
    'tar',
    'bz2',
    'zst',
    'ipynb',
    'py',
  ],
  ...[
    'h5',
    'h5ad',
    'hdf5',
    'loom',
    'mtx',
    'rds',
    'npy',
    'npz',
    'pkl',
    'feather',
    'arrow',
    'avro',
    'orc',
    'sqlite',
    'zarr',
  ],
  ...['bam', 'sam', 'cram', 'bed', 'bai', 'fa', 'fq', 'gtf', 'gff', 'bigwig', 'bw', 'pdb', 'cif', 'sdf', 'mzml', 'fcs'],
]
const groups: Readonly<Record<string, readonly string[]>> = {
  image: ['png', 'jpg', 'jpeg', 'tif', 'tiff', 'gif', 'bmp', 'svg', 'webp', 'czi', 'nd2'],
  notebook: ['ipynb', 'rmd', 'qmd'],
  spreadsheet: ['xlsx', 'xls', 'ods'],
}

const known = [...Object.keys(spellings), ...formats, 'image', 'notebook', 'spreadsheet'].join('|')
const dotted = String.raw`\.[a-z][a-z0-9]{0,9}(?:\.[a-z][a-z0-9]{0,9})?`
const oneOf = String.raw`(?:(?:\.?(?:${known}))|${dotted})`
const list = String.raw`${oneOf}(?:(?:,? (?:or|and) |, |\/)${oneOf}){0,9}`

/** `csv files`, `csv, tsv or .parquet files`, `.csv`. */
export const fileKinds: readonly Saying[] = [
  { pattern: saying(`(${list}) files?`), filterOf: ([, names = '']) => extensionFilter(extensionsOf(names)) },
  {
    pattern: saying(String.raw`(\.(?:${[...Object.keys(spellings), ...formats].join('|')}))`),
    filterOf: ([, name = '']) => extensionFilter([name.slice(1).toLowerCase()]),
  },
  { pattern: saying('jupyter notebooks?'), filterOf: () => 'ext:ipynb' },
  { pattern: saying('empty files?'), filterOf: () => 'size:0' },
]

/** `images`, where a size or a time follows: then files are meant, and no word. Tried last, as that must have been found. */
export const namedKinds: readonly Saying[] = [
  {
    pattern: /(?<![^\s\ue001])(image|notebook|spreadsheet)s(?=\s{1,5}\ue001)/gi,
    filterOf: ([, name = '']) => extensionFilter(groups[name.toLowerCase()] ?? []),
  },
]

function extensionsOf(names: string): readonly string[] {
  const words = names.toLowerCase().split(/\s*[,/]\s*(?:(?:or|and)\s+)?|\s+(?:or|and)\s+/)
  return [
    ...new Set(
      words.flatMap((name) => (name.startsWith('.') ? [name.slice(1)] : (groups[name] ?? spellings[name] ?? [name]))),
    ),
  ]
}
