// Searches for the files of packages and for objects, and what they have to find.
import { entryTexts, metaAt } from './plain-filters.js'
import type { SampleObject } from './sample-catalogue.js'
import { latestOf, type SampleEntry, type SamplePackage } from './sample-package.js'

export interface EntrySearch {
  readonly query: string
  readonly finds: (entry: SampleEntry, of: SamplePackage) => boolean
  /** A registry cannot be asked for sizes and metadata of files: it would have to tell all of them. */
  readonly indexOnly?: true
}

const says = (pattern: RegExp) => (entry: SampleEntry) => entryTexts(entry).some((text) => pattern.test(text))
const key = (pattern: RegExp) => (entry: SampleEntry) => pattern.test(entry.key)

export const entrySearches: readonly EntrySearch[] = [
  { query: 'axolotl', finds: says(/axolotl/i) },
  { query: 'cerebellum', finds: key(/cerebellum/) },
  {
    query: '"lane 2" S8_1',
    finds: (entry) => says(/(?<![a-z0-9])lane[^a-z0-9]2(?![a-z0-9])/i)(entry) && key(/S8_1(?![0-9])/)(entry),
  },
  { query: 'échantillon csv', finds: key(/échantillon.*\.csv$/) },
  { query: 'サンプル1', finds: key(/サンプル1/) },
  { query: '"100 done 1"', finds: key(/100% done #1\./) },
  { query: 'emoji 2', finds: key(/emoji 😀 2\.png/) },
  { query: '*.csv.gz', finds: key(/\.csv\.gz$/) },
  { query: 'lane_1/*_R1.fastq.gz S0_0', finds: key(/lane_1\/S0_0_R1\.fastq\.gz$/) },
  { query: 'name:planted/*', finds: (_, { name }) => name.startsWith('planted/') },
  { query: 'comment:axolotl', finds: (_, one) => /axolotl/.test(latestOf(one).comment ?? '') },
  { query: 'workflow:atlas-strict', finds: (_, one) => latestOf(one).workflow === 'atlas-strict' },
  {
    query: 'ext:bam size:>995MB',
    indexOnly: true,
    finds: ({ key, size }) => key.endsWith('.bam') && size > 995_000_000,
  },
  {
    query: 'ext:(html OR pdf) size:<401KB',
    indexOnly: true,
    finds: ({ key, size }) => /\.(html|pdf)$/.test(key) && size < 401_000,
  },
  { query: 'size:>5GB', indexOnly: true, finds: ({ size }) => size > 5_000_000_000 },
  {
    query: 'size:0 -odd',
    indexOnly: true,
    finds: ({ key, size }) => size === 0 && !/(?<!\p{L})odd(?!\p{L})/u.test(key),
  },
  { query: 'meta./voxels:>2000000', indexOnly: true, finds: (entry) => Number(metaAt(entry, 'voxels')) > 2_000_000 },
  { query: 'meta./hemisphere:LEFT', indexOnly: true, finds: (entry) => metaAt(entry, 'hemisphere') === 'left' },
  {
    query: 'meta./lane:3 meta./read:2 key:raw/*S16_*',
    indexOnly: true,
    finds: (entry) => metaAt(entry, 'lane') === 3 && metaAt(entry, 'read') === 2 && /S16_/.test(entry.key),
  },
  {
    query: 'meta./complete:true meta./rows:<100',
    indexOnly: true,
    finds: (entry) => metaAt(entry, 'complete') === true && Number(metaAt(entry, 'rows')) < 100,
  },
  {
    query: 'meta./well:D05 modified:2024',
    indexOnly: true,
    finds: (entry, one) =>
      metaAt(entry, 'well') === 'D05' && new Date(latestOf(one).seconds * 1_000).getUTCFullYear() === 2024,
  },
  {
    query: 'key:odd/UPPER_1.csv name:*_0003',
    finds: (entry, { name }) => entry.key === 'odd/UPPER_1.CSV' && name.endsWith('_0003'),
  },
  {
    query: 'key:"odd/back\\\\slash 1.txt" name:*_0003',
    finds: (entry, { name }) => entry.key === 'odd/back\\slash 1.txt' && name.endsWith('_0003'),
  },
  { query: 'key:weird*\\**', finds: key(/^weird.*\*/) },
  { query: 'key:"weird (1)/\'; drop table entry; --.csv"', finds: key(/drop table/) },
  {
    query: 'ext:csv modified:2024-05',
    finds: (entry, one) =>
      /\.csv$/i.test(entry.key) && new Date(latestOf(one).seconds * 1_000).toISOString().startsWith('2024-05'),
  },
  { query: 'multiqc_report', finds: key(/multiqc_report/) },
  {
    query: 'NOT (genomics OR ext:(parquet OR tiff OR png OR gz OR bam OR bai OR tsv OR csv OR txt OR json OR log))',
    indexOnly: true,
    finds: (entry) =>
      !says(/genomics/i)(entry) && !/\.(parquet|tiff|png|gz|bam|bai|tsv|csv|txt|json|log)$/i.test(entry.key),
  },
]

export interface ObjectSearch {
  readonly query: string
  readonly finds: (object: SampleObject) => boolean
}

export const objectSearches: readonly ObjectSearch[] = [
  { query: 'axolotl', finds: ({ key }) => /axolotl/i.test(key) },
  { query: 'ext:csv', finds: ({ key }) => /\.csv$/i.test(key) },
  { query: 'ext:tar.gz', finds: ({ key }) => key.endsWith('.tar.gz') },
  { query: 'key:runs/run_00*', finds: ({ key }) => key.startsWith('runs/run_00') },
  { query: 'size:>295', finds: ({ text }) => Buffer.byteLength(text) > 295 },
  { query: 'run_007', finds: ({ key }) => key.includes('run_007') },
  { query: 'größe', finds: ({ key }) => key.includes('größe') },
  { query: '東京', finds: ({ key }) => key.includes('東京') },
  { query: 'trace.*', finds: ({ key }) => /(^|\/)trace\.[^/]*$/.test(key) },
  { query: "it's", finds: ({ key }) => key.includes("it's") },
]
