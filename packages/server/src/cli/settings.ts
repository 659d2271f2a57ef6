// Settings for a command: a wrong one is a wrong command line.
import { homedir } from 'node:os'
import type { Surroundings } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { type ConfigFile, readConfigFile } from '../config/config-file.js'
import { type FlagValues, type LoadedSettings, loadSettings } from '../config/load.js'
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
  const around = surroundings()
  try {
    const named = loadSettings(configFileOnly(flags), { QUILT_MCP_CONFIG: around.env.QUILT_MCP_CONFIG }).config
      .configFile
    const file = await readConfigFile(named, around)
    return { ...loadSettings(flags, around.env, file), file }
  } catch (error) {
    if (error instanceof QuiltError) throw new UsageError(error.message, error.hint ?? '')
    throw error
  }
}

const configFileOnly = ({ configFile }: FlagValues): FlagValues => ({ configFile })
