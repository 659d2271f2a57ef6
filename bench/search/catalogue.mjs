// Registries to search: packages of 200 files as sequencing, imaging and tables have them, written as manifests and pointers.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const filesInPackage = 200
const labs = ['atlas', 'beacon', 'cobalt', 'delta', 'ember', 'fjord', 'grove', 'harbor', 'iris', 'juniper']
const assays = ['rna-seq', 'atac-seq', 'chip-seq', 'proteomics', 'imaging', 'flow-cytometry', 'metabolomics', 'wgs']
const genes = ['BRCA1', 'TP53', 'EGFR', 'MYC', 'KRAS', 'PTEN', 'RB1', 'VEGFA', 'GATA3', 'SOX2', 'NANOG', 'CD4']
const tissues = ['liver', 'lung', 'kidney', 'brain', 'heart', 'skin', 'retina', 'pancreas']

const of = (list, number) => list[number % list.length]
const padded = (number, digits) => String(number).padStart(digits, '0')
const hex = (text) => createHash('sha256').update(text).digest('hex')

/** The file number `at` of package number `index`. */
function fileKey(index, at) {
  const number = index * filesInPackage + at
  switch (at % 5) {
    case 0:
    case 1:
      return `raw/plate_${padded(at % 96, 2)}/sample_${padded(number - (at % 5), 8)}_R${(at % 5) + 1}.fastq.gz`
    case 2:
      return `images/well_${of('ABCDEFGH', at)}${padded(at % 12, 2)}/channel-${of(['dapi', 'gfp', 'mcherry'], at)}_t${padded(number % 1_000, 3)}.tif`
    case 3:
      return `tables/${of(tissues, number)}/expression_${of(genes, number >> 2)}_${padded(number, 8)}.csv`
    default:
      return `results/run_${padded(number % 500, 3)}/${of(['summary', 'quality', 'peaks', 'report'], number >> 3)}_${padded(number, 8)}.json`
  }
}

function entryLine(index, at) {
  const number = index * filesInPackage + at
  const key = fileKey(index, at)
  const meta =
    number % 10 === 0
      ? `{"user_meta": {"sample": "S${number}", "depth": ${number % 100}.5, "tissue": "${of(tissues, number >> 3)}"}}`
      : '{}'
  const size = 1_000 + ((number * 7_919) % 1_000_003)
  return `{"logical_key": "${key}", "physical_keys": ["s3://lab/${key}?versionId=${hex(key).slice(0, 32)}"], "size": ${size}, "hash": {"type": "SHA256", "value": "${hex(`${number}`)}"}, "meta": ${meta}}\n`
}

function manifestOf(index) {
  const userMeta = {
    experiment: {
      type: of(assays, index),
      date: `20${padded(15 + (index % 11), 2)}-${padded(1 + (index % 12), 2)}-${padded(1 + (index % 28), 2)}`,
      replicate: index % 7,
    },
    donor: `D${padded(index % 400, 4)}`,
    tissue: of(tissues, index >> 3),
  }
  const header = { version: 'v0', user_meta: userMeta, message: `Import ${of(assays, index)} of donor ${index % 400}` }
  let text = `${JSON.stringify(header)}\n`
  for (let at = 0; at < filesInPackage; at++) text += entryLine(index, at)
  return text
}

/** Makes a registry with so many entries, unless it is there. Names of manifests are made up: nothing here reads them by their hash.
 * @returns how many packages it has */
export function makeRegistry(folder, entries) {
  const packages = entries / filesInPackage
  if (existsSync(folder)) return packages
  const part = `${folder}.part`
  mkdirSync(join(part, '.quilt/packages'), { recursive: true })
  for (let index = 0; index < packages; index++) {
    const name = `${of(labs, index >> 3)}/${of(assays, index)}-${padded(index, 5)}`
    const topHash = hex(name)
    writeFileSync(join(part, '.quilt/packages', topHash), manifestOf(index))
    const pointers = join(part, '.quilt/named_packages', name)
    mkdirSync(pointers, { recursive: true })
    writeFileSync(join(pointers, 'latest'), topHash)
    writeFileSync(join(pointers, String(1_500_000_000 + index * 50_000)), topHash)
  }
  renameSync(part, folder)
  return packages
}
