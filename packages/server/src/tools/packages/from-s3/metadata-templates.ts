// Metadata of packages made from a prefix: what a template says of them, filled from what was found.
import { fromPlain, isJsonObject, type Json, nearNames, QuiltError } from '@quilt-mcp/core'
import { mergePatch } from '../metadata.js'
import type { Survey } from './survey.js'

export interface TemplateFacts {
  /** `s3://bucket/prefix/`. */
  readonly source: string
  readonly survey: Survey
  readonly createdBy?: string | undefined
  /** `YYYY-MM-DD`. */
  readonly created: string
}

interface Template {
  /** Keys that count files, by their endings. */
  readonly counts: Readonly<Record<string, readonly string[]>>
  /** Keys that only the user can fill. */
  readonly asks: readonly string[]
}

/** The templates there are; docs/reference/package-from-s3.md shows them. */
export const templates: Readonly<Record<string, Template>> = {
  standard: { counts: {}, asks: [] },
  genomics: {
    counts: {
      sequence_files: ['fastq', 'fq', 'fasta', 'fa', 'fna'],
      alignment_files: ['bam', 'sam', 'cram'],
      variant_files: ['vcf', 'bcf'],
    },
    asks: ['organism', 'assay', 'reference_genome'],
  },
  imaging: {
    counts: { image_files: ['png', 'jpg', 'jpeg', 'tif', 'tiff', 'czi', 'nd2', 'svs', 'dcm', 'nii'] },
    asks: ['modality', 'instrument'],
  },
  ml: {
    counts: {
      dataset_files: ['csv', 'tsv', 'parquet', 'jsonl', 'npy', 'npz', 'arrow', 'h5', 'hdf5'],
      model_files: ['pt', 'onnx', 'safetensors', 'pkl'],
      notebook_files: ['ipynb'],
    },
    asks: ['task', 'framework'],
  },
  analytics: {
    counts: { table_files: ['csv', 'tsv', 'parquet', 'xlsx', 'orc', 'avro'], notebook_files: ['ipynb', 'rmd', 'qmd'] },
    asks: ['period', 'owner'],
  },
}

/** @throws {QuiltError} `invalid_input` that names the templates there are */
export function checkTemplate(name: string): void {
  if (Object.hasOwn(templates, name)) return
  const known = Object.keys(templates)
  const near = nearNames(name, known, 1)
  throw new QuiltError('invalid_input', `there is no metadata template ${JSON.stringify(name)}`, {
    hint: `${near.length > 0 ? `Did you mean ${near[0]}? ` : ''}Templates: ${known.join(', ')}.`,
    details: { argument: 'template', templates: known },
  })
}

/** The metadata by a template, and the user's own merged over it (RFC 7396); with the keys that are still to be filled by the user.
 * @param userMeta undefined: nothing is merged */
export function templateMetadata(
  name: string,
  { source, survey, createdBy, created }: TemplateFacts,
  userMeta: Json | undefined,
): { readonly metadata: Json; readonly missing: readonly string[] } {
  checkTemplate(name)
  const { counts, asks } = templates[name] ?? { counts: {}, asks: [] }
  const filled = fromPlain({
    source,
    file_count: survey.total.files,
    total_bytes: survey.total.bytes,
    ...Object.fromEntries(
      Object.entries(counts).map(([key, endings]) => [
        key,
        endings.reduce((sum, ending) => sum + (survey.endings.get(ending) ?? 0), 0),
      ]),
    ),
    ...(createdBy !== undefined && { created_by: createdBy }),
    created,
  })
  const metadata = userMeta === undefined ? filled : mergePatch(filled, userMeta)
  return { metadata, missing: isJsonObject(metadata) ? asks.filter((key) => !metadata.has(key)) : [] }
}
