// Settings for a command: a wrong one is a wrong command line.
import { homedir } from 'node:os'
import type { SelectionStep, Surroundings } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { type ConfigFile, readConfigFile } from '../config/config-file.js'
import { type FlagValues, type LoadedSettings, loadSettings, loadUsableSettings } from '../config/load.js'
import type { Config } from '../config/schema.js'
import { UsageError } from './exit-code.js'

/** What this process stands in: the only place that asks Node for it. */
export const surroundings = (): Surroundings => ({
  env: process.env,
  homeDir: homedir(),
  platform: process.platform,
})

export interface ProcessSettings extends LoadedSettings {
  /** The file that was read, if there is one. */
  readonly file: ConfigFile | undefined
}

/** The settings of this process. @throws {UsageError} when a flag, a variable or the file has a wrong value */
export const settingsOf = async (flags: FlagValues): Promise<Config> => (await processSettings(flags)).config

/** The settings of this process, with where each came from. @throws {UsageError} as {@link settingsOf} */
export async function processSettings(flags: FlagValues): Promise<ProcessSettings> {
  const { env } = surroundings()
  try {
    const file = await readConfigFile(namedFile(flags), surroundings())
    return { ...loadSettings(flags, env, file), file }
  } catch (error) {
    if (error instanceof QuiltError) throw new UsageError(error.message, error.hint ?? '')
    throw error
  }
}

export interface UsableSettings {
  readonly config: Config
  /** What is wrong in the environment or the file, in the words of a trace. */
  readonly problems: readonly SelectionStep[]
}

/** The settings of a server that starts whatever its surroundings hold: its client could not show why it did not.
 * @throws {UsageError} when a flag has a wrong value */
export async function usableSettings(flags: FlagValues): Promise<UsableSettings> {
  const { env } = surroundings()
  const wrongFlags = loadUsableSettings(flags, {}).problems
  if (wrongFlags.length > 0) await processSettings(flags)
  const problems: SelectionStep[] = []
  const file = await readConfigFile(namedFile(flags), surroundings()).catch((error: unknown) => {
    if (!(error instanceof QuiltError)) throw error
    problems.push(wrong('settings file', [error.message, error.hint].filter(Boolean).join('. ')))
    return undefined
  })
  const loaded = loadUsableSettings(flags, env, file)
  return {
    config: loaded.config,
    problems: [...problems, ...loaded.problems.map(({ at, message }) => wrong(at, `Correct it: ${message}.`))],
  }
}

const namedFile = ({ configFile }: FlagValues): string | undefined =>
  typeof configFile === 'string' ? configFile : surroundings().env.QUILT_MCP_CONFIG || undefined

const wrong = (looked: string, explanation: string): SelectionStep => ({ looked, outcome: 'missing', explanation })
