// All that can be configured. Flags, environment variables, the file, `--help` and messages are derived from this one schema.
import { z } from 'zod'
import { answerSettings } from './answer-settings.js'
import { backendSettings } from './backend-settings.js'
import { fileSettings } from './file-settings.js'
import { httpSettings } from './http-settings.js'
import { type SettingSource, sources } from './setting.js'
import { tokenSettings } from './token-settings.js'

export const configSchema = z.strictObject({
  ...backendSettings,
  ...fileSettings,
  ...answerSettings,
  ...httpSettings,
  ...tokenSettings,
})

/** The settings of a process. */
export type Config = z.output<typeof configSchema>
export type SettingName = keyof Config
/** The value of a setting as it was written. */
export type GivenValue = string | readonly string[]

/** A setting by name, with where it can be given. */
export interface Setting extends SettingSource {
  readonly name: SettingName
  readonly description: string
}

/** Every setting, in the order of the schema. */
export const settings: readonly Setting[] = configSchema.keyof().options.map((name) => {
  const source = sources.get(configSchema.shape[name])
  if (!source) throw new Error(`nobody says where ${name} can be given`)
  return { name, ...source }
})

/** The settings that decide which backend serves the user of this machine. */
export const ownBackendSettings = [
  'configFile',
  'deployment',
  'backend',
  'catalogUrl',
  'registryUrl',
  'token',
  'disableSession',
  'registries',
  'localRegistry',
  'awsProfile',
  'awsRegion',
  'requesterPays',
  's3Endpoint',
  'cacheDir',
  'searchIndex',
  'searchContent',
] as const satisfies readonly SettingName[]

/** The settings of the HTTP server for many users. */
export const serveSettings: readonly SettingName[] = [
  'configFile',
  'deployment',
  'backend',
  'catalogUrl',
  'registryUrl',
  's3Endpoint',
  'awsRegion',
  'cacheDir',
  ...namesOf(answerSettings),
  ...namesOf(httpSettings),
  ...namesOf(tokenSettings),
]

function namesOf(group: Readonly<Record<string, unknown>>): SettingName[] {
  return settings.flatMap(({ name }) => (name in group ? [name] : []))
}
