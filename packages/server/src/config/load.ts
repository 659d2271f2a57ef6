// Flags, environment and file -> Config, and where each value came from. Precedence: flag, environment, file, default; a preset
// (`--deployment`) counts where it was given, after the settings that were given there by themselves.
import { QuiltError } from '@quilt-mcp/core'
import type { z } from 'zod'
import type { ConfigFile } from './config-file.js'
import { deployments, presets } from './deployment.js'
import { type Config, configSchema, type Setting, type SettingName, settings } from './schema.js'

/** A value as it was written. */
export type GivenValue = string | readonly string[]
/** Flag values as they were typed, by setting. */
export type FlagValues = { readonly [name in SettingName]?: GivenValue | undefined }
/** Environment variables by name. Empty text counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>

export interface LoadedSettings {
  readonly config: Config
  /** Where a value came from: `--port`, `QUILT_MCP_PORT`, `/home/ada/.config/quilt-mcp/config.yaml`, `--deployment remote`, `default`. */
  originOf(name: SettingName): string
}

interface Given {
  readonly value: GivenValue
  readonly origin: string
}
type GivenSettings = ReadonlyMap<SettingName, Given>

/** Reads the settings.
 * @throws {QuiltError} `invalid_input` naming the flag, variable or file whose value is wrong, never a secret's value */
export const loadConfig = (flags: FlagValues, env: Environment, file?: ConfigFile): Config =>
  loadSettings(flags, env, file).config

/** Reads the settings and keeps where each came from. @throws {QuiltError} as {@link loadConfig} */
export function loadSettings(flags: FlagValues, env: Environment, file?: ConfigFile): LoadedSettings {
  const given = new Map([
    ...withPreset(fromFile(file)),
    ...withPreset(fromEnvironment(env)),
    ...withPreset(fromFlags(flags)),
  ])
  const parsed = configSchema.safeParse(Object.fromEntries([...given].map(([name, { value }]) => [name, value])))
  if (!parsed.success) throw wrongSettings(parsed.error.issues, given)
  return { config: parsed.data, originOf: (name) => given.get(name)?.origin ?? 'default' }
}

const fromFlags = (flags: FlagValues): GivenSettings =>
  new Map(
    settings.flatMap(({ name, flag }) => {
      const value = flags[name]
      return value === undefined ? [] : [[name, { value, origin: flag }] as const]
    }),
  )

const fromEnvironment = (env: Environment): GivenSettings =>
  new Map(
    settings.flatMap(({ name, env: variables }) => {
      const origin = variables.find((variable) => (env[variable] ?? '') !== '')
      return origin === undefined ? [] : [[name, { value: env[origin] ?? '', origin }] as const]
    }),
  )

const fromFile = (file: ConfigFile | undefined): GivenSettings =>
  new Map([...(file?.values ?? [])].map(([name, value]) => [name, { value, origin: file?.path ?? '' }]))

/** What a preset among them stands for, and the settings themselves after it. */
function withPreset(given: GivenSettings): GivenSettings {
  const named = given.get('deployment')
  const deployment = deployments.find((one) => one === named?.value)
  if (named === undefined || deployment === undefined) return given
  const origin = `${named.origin} ${deployment}`
  const { backend, transport } = presets[deployment]
  return new Map<SettingName, Given>([
    ['backend', { value: backend, origin }],
    ['transport', { value: transport, origin }],
    ...given,
  ])
}

function wrongSettings(issues: readonly z.core.$ZodIssue[], given: GivenSettings): QuiltError {
  const problems = issues.map((issue) => {
    const name = String(issue.path[0])
    const setting = settings.find((one) => one.name === name)
    return `${setting === undefined ? name : placeOf(setting, given)}: ${issue.message.replace(/^Invalid (input|option|URL): /, '')}`
  })
  return new QuiltError('invalid_input', problems.join('; '), {
    hint: 'quilt-mcp --help lists the settings and their values.',
    details: { settings: issues.map((issue) => String(issue.path[0])) },
  })
}

/** Where the user finds the value: a flag or variable by its name, in a file also the key. */
function placeOf({ name, flag }: Setting, given: GivenSettings): string {
  const origin = given.get(name)?.origin ?? flag
  return /[\\/]/.test(origin) ? `${origin}: ${flag.slice(2)}` : origin
}
