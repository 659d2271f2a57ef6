// Kinds of files, by the endings of their names.

/** A kind is also the folder that its files go to when a package is organised by kind. */
export const fileKinds = ['data', 'docs', 'images', 'notebooks', 'code', 'other'] as const

export type FileKind = (typeof fileKinds)[number]

const endings = (text: string): readonly string[] => text.split(' ')

/** The endings of each kind, without dot, in lower case; docs/reference/package-from-s3.md shows them. Endings of packing (`.gz`) are taken
 * off first. */
export const endingsOfKind: Readonly<Record<Exclude<FileKind, 'other'>, readonly string[]>> = {
  data: [
    ...endings('csv tsv parquet json jsonl ndjson xml yaml yml xlsx xls avro orc feather arrow h5 hdf5 h5ad'),
    ...endings('zarr nc npy npz mat rds rdata pkl pt onnx safetensors db sqlite fastq fq fasta fa fna bam bai'),
    ...endings('sam cram crai vcf bcf tbi bed bedgraph bw bigwig gff gtf mtx loom mzml fcs pdb cif sdf mol'),
  ],
  docs: endings('md rst txt pdf doc docx ppt pptx html htm rtf tex'),
  images: endings('png jpg jpeg gif svg webp bmp tif tiff czi nd2 svs dcm nii'),
  notebooks: endings('ipynb rmd qmd'),
  code: endings('py r sh js ts sql java c h cpp go rs jl m pl nf wdl cwl smk toml ini cfg'),
}

const kindOfEnding: ReadonlyMap<string, FileKind> = new Map(
  fileKinds.flatMap((kind) => (kind === 'other' ? [] : endingsOfKind[kind].map((ending) => [ending, kind] as const))),
)
const packed = /\.(gz|bz2|xz|zst|bgz)$/

/** The ending of a file's name, in lower case and without dot; of packed files that of what is packed. Empty: none. */
export function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const inner = name.replace(packed, '')
  const dot = inner.lastIndexOf('.')
  return dot > 0 ? inner.slice(dot + 1) : ''
}

/** The kind of a file. */
export const kindOf = (path: string): FileKind => kindOfEnding.get(endingOf(path)) ?? 'other'
