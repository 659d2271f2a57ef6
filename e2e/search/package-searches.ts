// Searches for packages, and what they have to find.
import type { SearchOrder } from '@quilt-mcp/core'
import { anyKey, bytesOf, isNumber, madeIn, metaAt, metaIs, says } from './plain-filters.js'
import { latestOf, type SamplePackage } from './sample-package.js'

export interface PackageSearch {
  readonly query: string
  /** Their names, or what is true of them. */
  readonly finds: readonly string[] | ((one: SamplePackage) => boolean)
  /** A registry decides what files must not be for each file: it finds packages with any other file. */
  readonly indexOnly?: true
}

const [atlas, fooBar, zebrafish, empty] = [
  'planted/brain-atlas',
  'planted/foo_bar-2',
  'planted/zebrafish',
  'planted/empty',
] as const
const named =
  (pattern: RegExp) =>
  ({ name }: SamplePackage) =>
    pattern.test(name)
const both =
  (...tests: readonly ((one: SamplePackage) => boolean)[]) =>
  (one: SamplePackage) =>
    tests.every((test) => test(one))
const workflowOf = (one: SamplePackage): string | undefined => latestOf(one).workflow
const isTagged = (tag: string) => metaIs(['tags'], (tags) => Array.isArray(tags) && tags.includes(tag))
const seattle = 'climate/seattle-weather'

export const packageSearches: readonly PackageSearch[] = [
  // Words.
  { query: 'axolotl', finds: [atlas, fooBar, zebrafish] },
  { query: 'AXOLOTL atlas', finds: [atlas] },
  { query: 'xyzzy', finds: [] },
  { query: '"whole brain"', finds: [atlas] },
  { query: '"brain whole"', finds: [] },
  { query: 'hippocampus', finds: [] },
  { query: 'foo_bar', finds: [fooBar] },
  { query: 'bar_foo', finds: [] },
  { query: 'thapsigargin', finds: [zebrafish] },
  { query: '"drop table entry"', finds: [fooBar] },
  { query: "'; drop table entry; --", finds: [] },
  { query: 'rna', finds: says(/\brna\b/i) },
  { query: 'rna liver', finds: both(says(/\brna\b/i), says(/\bliver\b/i)) },
  { query: 'rna-seq -liver', finds: (one) => says(/\brna-seq\b/i)(one) && !says(/\bliver\b/i)(one) },
  { query: 'plate_0001', finds: says(/(?<![a-z0-9])plate[^a-z0-9]0001(?![a-z0-9])/i) },
  {
    query: '(axolotl OR lovelace) NOT ext:bam',
    indexOnly: true,
    finds: (one) => says(/axolotl|lovelace/i)(one) && !anyKey(/\.bam$/)(one),
  },
  { query: 'seattle', finds: says(/\bseattle\b/i) },
  { query: '', finds: () => true },
  // In other scripts.
  { query: 'данные', finds: says(/данные/i) },
  { query: '样品', finds: named(/样品/) },
  { query: 'GRÖSSE OR größe', finds: says(/(?<!\p{L})größe(?!\p{L})/iu) },
  { query: '東京', finds: says(/東京/) },
  { query: 'são', finds: says(/(?<!\p{L})são(?!\p{L})/iu) },
  // Wildcards.
  { query: 'zebra*', finds: [zebrafish] },
  { query: 'lov?lace', finds: says(/\blovelace\b/i) },
  { query: '*scope', finds: says(/[a-z0-9]*scope\b/i) },
  { query: 'genomics/*', finds: named(/^genomics\//) },
  { query: 'visits_*.csv', finds: anyKey(/(^|\/)visits_[^/]*\.csv$/) },
  { query: 'hippo*.gz', finds: [] },
  // Names, workflows, messages.
  { query: 'name:planted/*', finds: named(/^planted\//) },
  { query: 'name:PLANTED/Empty', finds: [empty] },
  { query: 'name:planted', finds: [] },
  { query: 'name:genomics/rna-seq-liver-*', finds: named(/^genomics\/rna-seq-liver-/) },
  { query: 'name:*-000?', finds: named(/-000.$/) },
  { query: 'name:[planted/a TO planted/f]', finds: [atlas, empty] },
  { query: 'workflow:clinical-strict', finds: (one) => workflowOf(one) === 'clinical-strict' },
  { query: 'workflow:clinical-*', finds: (one) => workflowOf(one)?.startsWith('clinical-') === true },
  { query: 'NOT workflow:*', finds: (one) => workflowOf(one) === undefined },
  { query: 'comment:axolotl', finds: [atlas] },
  { query: 'comment:"run 100"', finds: (one) => /run 100$/.test(latestOf(one).comment ?? '') },
  { query: 'NOT comment:*', finds: (one) => (latestOf(one).comment ?? '') === '' },
  // Files.
  { query: 'ext:zyx', finds: [fooBar, zebrafish] },
  { query: 'ext:.PARQUET', finds: anyKey(/\.parquet$/) },
  { query: 'ext:csv.gz', finds: anyKey(/\.csv\.gz$/) },
  { query: 'ext:(nii.gz OR zyx)', finds: [atlas, fooBar, zebrafish] },
  { query: 'key:regions/*', finds: [atlas] },
  { query: 'key:*/axolotl.txt', finds: [zebrafish] },
  { query: 'key:"weird (1)/50%_off*?.zyx"', finds: [fooBar] },
  { query: 'key:odd/upper_1.csv', finds: anyKey(/^odd\/UPPER_1\.CSV$/) },
  // Metadata.
  { query: 'meta:thapsigargin', finds: [zebrafish] },
  { query: 'meta./protocol:"fixed cleared"', finds: [zebrafish] },
  { query: 'meta./flag:axolotl', finds: [zebrafish] },
  { query: 'meta./gene:brca1*', finds: [fooBar] },
  { query: 'meta./gene:BRCA1', finds: [] },
  { query: 'meta."/key with blanks":"value with blanks"', finds: [fooBar] },
  { query: 'meta./tags:"two words"', finds: [fooBar] },
  { query: 'meta./ratio:<0 meta./zero:0', finds: [fooBar] },
  { query: 'meta./regions:[40 TO 45] meta./released:true', finds: [atlas] },
  { query: 'meta./on:2024-05', finds: [atlas] },
  { query: 'meta.by.lab:l-7', finds: [atlas] },
  {
    query: 'meta./experiment/type:rna-seq meta./tissue:liver',
    finds: both(
      metaIs(['experiment', 'type'], (type) => type === 'RNA-seq'),
      metaIs(['tissue'], (tissue) => tissue === 'liver'),
    ),
  },
  {
    query: 'meta./depth:>=55',
    finds: metaIs(
      ['depth'],
      isNumber((depth) => depth >= 55),
    ),
  },
  {
    query: 'meta./depth:[10 TO 10.5}',
    finds: metaIs(
      ['depth'],
      isNumber((depth) => depth >= 10 && depth < 10.5),
    ),
  },
  { query: 'meta./passed_qc:false', finds: metaIs(['passed_qc'], (passed) => passed === false) },
  { query: 'meta./tags:pilot meta./tags:"batch 7"', finds: both(isTagged('pilot'), isTagged('batch 7')) },
  {
    query: 'meta./site/country:(NO OR CH) meta./locked:true',
    finds: (one) =>
      /^(NO|CH)$/.test(String(metaAt(latestOf(one), 'site', 'country'))) && metaAt(latestOf(one), 'locked') === true,
  },
  {
    query: 'meta./acquired:2024-03',
    finds: metaIs(['acquired'], (on) => typeof on === 'string' && on.startsWith('2024-03')),
  },
  {
    query: 'meta./experiment/date:[2023-01-01 TO 2023-01-31]',
    finds: metaIs(['experiment', 'date'], (on) => typeof on === 'string' && on.startsWith('2023-01')),
  },
  {
    query: 'meta."/pixel~1size":<0.2',
    finds: metaIs(
      ['pixel/size'],
      isNumber((size) => size < 0.2),
    ),
  },
  { query: 'meta./microscope:nikon*', finds: metaIs(['microscope'], (one) => one === 'Nikon Ti2') },
  { query: 'meta:"opera phenix"', finds: metaIs(['microscope'], (one) => one === 'Opera Phenix') },
  {
    query: 'meta."/größe in µm":>90',
    finds: metaIs(
      ['größe in µm'],
      isNumber((size) => size > 90),
    ),
  },
  { query: 'meta./notes:*', finds: metaIs(['notes'], (notes) => typeof notes === 'string') },
  { query: 'meta./visits:*', finds: [] },
  { query: 'NOT meta:*', finds: (one) => Object.keys(latestOf(one).meta ?? {}).length === 0 },
  { query: 'meta./station:SEATAC', finds: [seattle] },
  { query: 'meta./co2/since:1958', finds: ['climate/global-change'] },
  // Sizes, counts, times.
  { query: 'size:>7GB', finds: (one) => bytesOf(one) > 7_000_000_000 },
  { query: 'size:[1 TO 20KB]', finds: (one) => bytesOf(one) >= 1 && bytesOf(one) <= 20_000 },
  { query: 'entries:0', finds: [empty] },
  {
    query: 'entries:[3 TO 10]',
    finds: (one) => latestOf(one).entries.length >= 3 && latestOf(one).entries.length <= 10,
  },
  { query: 'modified:2024-05-17', finds: madeIn('2024-05-17', '2024-05-18') },
  { query: 'modified:[2023-12-31 TO 2024-01-01]', finds: madeIn('2023-12-31', '2024-01-02') },
  { query: 'modified:>2026-09', finds: madeIn('2026-10-01', '9999-01-01') },
  { query: 'modified:<2022', finds: [empty] },
  {
    query: 'modified:>now-900d ext:bam',
    finds: (one) => latestOf(one).seconds * 1_000 > Date.now() - 900 * 86_400_000 && anyKey(/\.bam$/)(one),
  },
]

/** Searches for all revisions: what finds older ones, as name and message. */
export const revisionSearches: readonly { readonly query: string; readonly finds: readonly string[] }[] = [
  { query: 'hippocampus', finds: [`${atlas}: Hippocampus only`] },
  {
    query: 'name:planted/brain-atlas',
    finds: [`${atlas}: Hippocampus only`, `${atlas}: Whole brain atlas of the axolotl`],
  },
  { query: 'name:planted/brain-atlas modified:2024-02', finds: [`${atlas}: Hippocampus only`] },
]

/** The order of `name:planted/*`. */
export const orders: readonly { readonly order: SearchOrder; readonly names: readonly string[] }[] = [
  { order: { by: 'name', direction: 'asc' }, names: [atlas, empty, fooBar, zebrafish] },
  { order: { by: 'modified', direction: 'desc' }, names: [atlas, zebrafish, fooBar, empty] },
  { order: { by: 'size', direction: 'asc' }, names: [empty, fooBar, zebrafish, atlas] },
  { order: { by: 'entries', direction: 'asc' }, names: [empty, zebrafish] },
]
