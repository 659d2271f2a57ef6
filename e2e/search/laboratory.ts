// Packages as a laboratory has them: sequencing, imaging, tables, and folders that nobody ever cleaned up. The same ones in every run.
import { randomNumbers } from '../../packages/core/src/test/random-numbers.js'
import type { PlainMeta, SampleEntry, SamplePackage, SampleRevision } from './sample-package.js'

/** A number from 0 up to, and without, another. */
type Random = (below: number) => number

const assays = ['RNA-seq', 'ATAC-seq', 'ChIP-seq', 'WGS']
const tissues = ['liver', 'kidney', 'lung', 'heart', 'spleen', 'retina', 'skin', 'colon', 'pancreas', 'thymus']
const organisms = ['Homo sapiens', 'Mus musculus', 'Danio rerio']
const people = ['Ada Lovelace', 'Grace Hopper', 'Rosalind Franklin', 'Barbara McClintock']
const markers = ['DAPI', 'GFP', 'mCherry', 'Cy5']
const countries = ['NO', 'CH', 'BR', 'JP', 'KE']
const firstSeconds = Date.UTC(2022, 0, 3) / 1_000
const daySeconds = 86_400

/** Packages of about 40 files each, one after the other. */
export function* laboratory(count: number): Generator<SamplePackage> {
  const random = randomNumbers(2026)
  for (let index = 0; index < count; index++) {
    yield of([sequencing, imaging, tables, leftovers], index)(index, random)
  }
}

const padded = (index: number): string => String(index).padStart(4, '0')
function of<T>(list: readonly T[], at: number): T {
  const one = list[at % list.length]
  if (one === undefined) throw new Error('there is nothing to choose from')
  return one
}
const isoDay = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 10)
/** Noon of a day between 2022 and October 2026. */
const noon = (random: Random): number => firstSeconds + random(1_750) * daySeconds + daySeconds / 2

/** Every tenth package has a revision before its latest: with fewer files and another message. */
function revisions(index: number, latest: SampleRevision): readonly SampleRevision[] {
  if (index % 10 !== 0) return [latest]
  const { workflow: _, ...before } = latest
  const comment = `Draft ${index}, unchecked`
  return [
    { ...before, seconds: latest.seconds - 30 * daySeconds, comment, entries: latest.entries.slice(0, 5) },
    latest,
  ]
}

function sequencing(index: number, random: Random): SamplePackage {
  const [assay, tissue] = [of(assays, random(4)), of(tissues, random(10))]
  const seconds = noon(random)
  const meta: PlainMeta = {
    experiment: { type: assay, id: `EXP-${padded(index)}`, date: isoDay(seconds - 14 * daySeconds) },
    organism: of(organisms, random(3)),
    tissue,
    depth: random(600) / 10,
    passed_qc: random(5) > 0,
    tags: ['sequencing', ...(random(3) === 0 ? ['pilot'] : []), `batch ${random(12)}`],
    operator: of(people, random(4)),
    ...(random(7) === 0
      ? { notes: `${'Library was prepared twice; reads of lane two are weak. '.repeat(6)}Keep for now.` }
      : {}),
  }
  const entries = Array.from({ length: 8 }, (_, sample): SampleEntry[] => {
    const name = `S${index}_${sample}`
    const lane = (sample % 4) + 1
    return [
      { key: `raw/lane_${lane}/${name}_R1.fastq.gz`, size: 20_000_000 + random(80_000_000), meta: { lane, read: 1 } },
      { key: `raw/lane_${lane}/${name}_R2.fastq.gz`, size: 20_000_000 + random(80_000_000), meta: { lane, read: 2 } },
      { key: `aligned/${name}.bam`, size: 100_000_000 + random(900_000_000) },
      { key: `aligned/${name}.bam.bai`, size: 1_000_000 + random(1_000_000) },
      { key: `counts/${name}.counts.tsv`, size: 50_000 + random(500_000), meta: { genes: 20_000 + random(5_000) } },
    ]
  }).flat()
  entries.push(
    { key: 'LICENSE', size: 1_074 },
    { key: 'qc/versions.yml', size: 200 + random(90) },
    { key: 'qc/multiqc_report.html', size: 2_000_000 + random(100_000) },
    { key: 'README.md', size: 300 + random(900) },
  )
  const name = `genomics/${assay.toLowerCase()}-${tissue}-${padded(index)}`
  const comment = `${assay} of ${tissue}, run ${index}`
  return { name, revisions: revisions(index, { seconds, comment, meta, workflow: 'sequencing', entries }) }
}

function imaging(index: number, random: Random): SamplePackage {
  const seconds = noon(random)
  const plate = padded(index)
  const meta: PlainMeta = {
    plate: index,
    channels: markers.slice(0, 1 + random(4)),
    microscope: of(['Zeiss LSM 980', 'Nikon Ti2', 'Opera Phenix'], random(3)),
    acquired: new Date((seconds - daySeconds) * 1_000).toISOString(),
    'pixel/size': (random(900) + 100) / 1_000,
    reviewed: random(2) === 0,
  }
  const entries = Array.from({ length: 20 }, (_, well): SampleEntry[] => {
    const place = `${'ABCD'[well % 4]}${String((well >> 2) + 1).padStart(2, '0')}`
    return [
      {
        key: `plates/plate_${plate}/${place}_ch1.ome.tiff`,
        size: 5_000_000 + random(5_000_000),
        meta: { well: place },
      },
      { key: `thumbs/plate_${plate}/${place}.png`, size: 5_000 + random(40_000) },
    ]
  }).flat()
  entries.push({ key: 'acquisition.json', size: 2_000 + random(2_000) })
  const comment = index % 3 === 0 ? null : `Plate ${index} acquired by ${of(people, random(4))}`
  return { name: `imaging/plate-${plate}`, revisions: revisions(index, { seconds, comment, meta, entries }) }
}

function tables(index: number, random: Random): SamplePackage {
  const seconds = noon(random)
  const year = new Date(seconds * 1_000).getUTCFullYear()
  const meta: PlainMeta = {
    study: `NCT${String(10_000_000 + random(900_000))}`,
    cohort: of(['A', 'B', 'C'], random(3)),
    subjects: 20 + random(2_000),
    locked: random(3) === 0,
    site: { country: of(countries, random(5)), name: `Site ${random(40)}` },
    visits: [1, 2, 3],
  }
  const entries = Array.from({ length: 36 }, (_, part): SampleEntry => {
    const number = String(part).padStart(5, '0')
    return { key: `exports/${year}/part-${number}.parquet`, size: 100_000 + random(3_000_000) }
  })
  entries.push(
    {
      key: `tables/visits_${year}.csv`,
      size: 10_000 + random(90_000),
      meta: { rows: random(10_000), complete: random(2) === 0 },
    },
    { key: `tables/labs_${year}.csv.gz`, size: 10_000 + random(90_000) },
    { key: 'docs/Data Dictionary v1.2.xlsx', size: 30_000 + random(5_000) },
    { key: 'docs/protocol (final).pdf', size: 400_000 + random(5_000) },
  )
  const workflow = of(['clinical-alpha', 'clinical-strict'], random(2))
  const comment = `Visits of ${year}, export ${random(90)}`
  return {
    name: `clinical/visits-${padded(index)}`,
    revisions: revisions(index, { seconds, comment, meta, workflow, entries }),
  }
}

/** Names in other scripts, and characters that mean something to URLs, shells, SQL and queries. */
function leftovers(index: number, random: Random): SamplePackage {
  const seconds = noon(random)
  const name = of(['misc/largeur', 'данные/проба', '数据/样品', 'misc/größe'], random(4))
  const entries = Array.from({ length: 3 }, (_, part): SampleEntry[] =>
    [
      `Données/échantillon é ${part}.csv`,
      `データ/サンプル${part}.txt`,
      `данные/проба ${part}.csv`,
      `odd/100% done #${part}.csv`,
      `odd/it's [${part}] {x}.json`,
      `odd/a+b&c=${part}.tsv`,
      `odd/"quoted" ${part}.txt`,
      `odd/back\\slash ${part}.txt`,
      `odd/emoji 😀 ${part}.png`,
      `odd/dots..${part}..log`,
      `odd/UPPER_${part}.CSV`,
      `odd/under_score-${part}`,
    ].map((key) => ({ key, size: random(5_000) })),
  ).flat()
  const meta: PlainMeta = {
    'größe in µm': random(100),
    Ort: of(['Zürich', 'São Paulo', '東京'], random(3)),
    leer: null,
    'a.b': { 'c~d': 'tilde' },
  }
  const withMeta = random(4) > 0 ? { meta } : {}
  return {
    name: `${name}_${padded(index)}`,
    revisions: revisions(index, { seconds, comment: '', ...withMeta, entries }),
  }
}
