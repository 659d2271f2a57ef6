// Manifests to measure with: about 300 bytes a line, in tree order, one entry in ten with metadata.
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'

const filesPerDirectory = 500
const digit = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Repeatable pseudo-random text, so that every run measures the same bytes. */
function randomText(seed, length) {
  let state = (seed * 2_654_435_761 + 1) >>> 0
  let text = ''
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += digit[(state >>> 8) % 62]
  }
  return text
}

/** One line. `changed` gives the same entry another hash, as one revision later. */
function entryLine(index, changed) {
  const directory = String(Math.floor(index / filesPerDirectory)).padStart(5, '0')
  const key = `data/batch-${directory}/sample_${String(index).padStart(8, '0')}.fastq.gz`
  const meta = index % 10 === 0 ? `{"user_meta": {"sample": "S${index}", "depth": ${index % 100}.5}}` : '{}'
  const hash = `${randomText(index + (changed ? 0x5bd1e995 : 0), 43)}=`
  const physicalKey = `s3://example-bucket/${key}?versionId=${randomText(index ^ 0x9e3779b9, 32)}`
  return `{"logical_key": "${key}", "physical_keys": ["${physicalKey}"], "size": ${1_000 + ((index * 7_919) % 1_000_003)}, "hash": {"type": "sha2-256-chunked", "value": "${hash}"}, "meta": ${meta}}\n`
}

/** Makes a manifest of so many entries, unless it is there. In a later revision one entry in a hundred has changed. */
export async function makeManifest(file, entries, { laterRevision = false } = {}) {
  if (existsSync(file)) return
  mkdirSync(dirname(file), { recursive: true })
  const out = createWriteStream(`${file}.part`)
  out.write('{"version": "v0", "user_meta": {"assay": "ATAC"}, "message": "bench"}\n')
  for (let from = 0; from < entries; from += 5_000) {
    let text = ''
    for (let index = from; index < Math.min(entries, from + 5_000); index++) {
      text += entryLine(index, laterRevision && index % 100 === 7)
    }
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  renameSync(`${file}.part`, file)
}
