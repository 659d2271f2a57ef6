// Flags and environment -> Config. Precedence: flag, then environment, then default.
import { QuiltError } from '@quilt-mcp/core'
import { type Config, configSchema, type SettingName, settings } from './schema.js'

/** Flag values as they were typed, by setting. */
export type FlagValues = { readonly [name in SettingName]?: string | undefined }

/** Reads the settings.
 * @throws {QuiltError} `invalid_input` naming the flag or variable whose value is wrong, never a secret's value */
export function loadConfig(flags: FlagValues, env: Readonly<Record<string, string | undefined>>): Config {
  const origin = new Map<string, string>()
  const given: Record<string, string> = {}
  for (const setting of settings) {
    const flag = flags[setting.name]
    const variable = setting.env.find((name) => (env[name] ?? '') !== '')
    if (flag !== undefined) {
      given[setting.name] = flag
      origin.set(setting.name, setting.flag)
    } else if (variable !== undefined) {
      given[setting.name] = env[variable] ?? ''
      origin.set(setting.name, variable)
    }
  }
  const parsed = configSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0])
    return `${origin.get(name) ?? name}: ${issue.message.replace(/^Invalid (input|option|URL): /, '')}`
  })
  throw new QuiltError('invalid_input', problems.join('; '), {
    hint: 'quilt-mcp --help lists the settings and their values.',
    details: { settings: parsed.error.issues.map((issue) => String(issue.path[0])) },
  })
}

/** The settings from the command line's flags and this process's environment. */
export const loadProcessConfig = (flags: FlagValues): Config => loadConfig(flags, process.env)
