// What a setting is: a schema, with where its value can be given.
import { z } from 'zod'

/** Where a setting can be given, beside its meaning. */
export interface SettingSource {
  /** `--name` */
  readonly flag: string
  /** Environment variables, the first that is set counts. Empty text means not set. */
  readonly env: readonly string[]
  /** What stands for the value in `--help`. Absent for switches. */
  readonly value?: string
  /** Never shown, neither in help nor in messages. */
  readonly secret?: boolean
  /** Several values: the flag may be repeated, texts are split at commas, a file may hold a list. */
  readonly list?: boolean
}

/** Where each setting can be given, by its schema. */
export const sources = z.registry<SettingSource & { readonly description: string }>()

/** Ties a schema to its flag and variables. */
export function setting<Schema extends z.ZodType>(schema: Schema, description: string, source: SettingSource): Schema {
  sources.add(schema, { ...source, description })
  return schema
}

/** A URL without slashes at its end. A schema of its own for each setting: its source hangs on it. */
export const webUrl = () =>
  z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).transform((url) => url.replace(/\/+$/, ''))

/** Texts with commas between, or a list of such texts. A schema of its own for each setting. */
export const list = () =>
  z
    .union([z.string(), z.array(z.string())])
    .default('')
    .transform((given) =>
      [given]
        .flat()
        .flatMap((text) => text.split(','))
        .map((item) => item.trim().replace(/\/+$/, ''))
        .filter((item) => item !== ''),
    )
