// Flags, environment and file -> Config, and where each value came from. Precedence: flag, environment, file, default; a preset
// (`--deployment`) counts where it was given, after the settings that were given there by themselves.
import { QuiltError } from '@quilt-mcp/core'
import type { z } from 'zod'
import type { ConfigFile } from './config-file.js'
import { deployments, presets } from './deployment.js'
import { type Config, configSchema, type GivenValue, type Setting, type SettingName, settings } from './schema.js'

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
  const loaded = loadUsableSettings(flags, env, file)
  const [problem] = loaded.problems
  if (problem === undefined) return loaded
  throw new QuiltError('invalid_input', loaded.problems.map(({ at, message }) => `${at}: ${message}`).join('; '), {
    hint: 'quilt-mcp --help lists the settings and their values.',
    details: { settings: loaded.problems.map(({ name }) => name) },
  })
}

/** A value that is wrong. */
export interface SettingProblem {
  readonly name: SettingName
  /** Where the user finds it: a flag or variable by its name; in a file its path and the key. */
  readonly at: string
  readonly message: string
}

/** Reads the settings without those that are wrong, and says what is wrong with them. */
export function loadUsableSettings(
  flags: FlagValues,
  env: Environment,
  file?: ConfigFile,
): LoadedSettings & { readonly problems: readonly SettingProblem[] } {
  const given = new Map(
    [fromFile(file), fromEnvironment(env), fromFlags(flags)].flatMap((place) => [...withPreset(place)]),
  )
  const problems: SettingProblem[] = []
  for (;;) {
    const parsed = configSchema.safeParse(Object.fromEntries([...given].map(([name, { value }]) => [name, value])))
    if (parsed.success) {
      return { config: parsed.data, originOf: (name) => given.get(name)?.origin ?? 'default', problems }
    }
    const found = problemsIn(parsed.error.issues, given)
    for (const { name } of found) given.delete(name)
    problems.push(...found)
  }
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

function problemsIn(issues: readonly z.core.$ZodIssue[], given: GivenSettings): SettingProblem[] {
  const problems = issues.flatMap(({ path, message }) => {
    const setting = settings.find(({ name }) => name === path[0] && given.has(name))
    const said = message.replace(/^Invalid (input|option|URL): /, '')
    return setting === undefined ? [] : [{ name: setting.name, at: placeOf(setting, given), message: said }]
  })
  if (problems.length > 0) return problems
  throw new QuiltError('internal', `a default is not valid: ${issues.map(({ message }) => message).join('; ')}`)
}

function placeOf({ name, flag }: Setting, given: GivenSettings): string {
  const origin = given.get(name)?.origin ?? flag
  return /[\\/]/.test(origin) ? `${origin}: ${flag.slice(2)}` : origin
}
