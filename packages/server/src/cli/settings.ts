// Settings for a command: a wrong one is a wrong command line.
import { QuiltError } from '@quilt-mcp/core'
import { type FlagValues, loadProcessConfig } from '../config/load.js'
import type { Config } from '../config/schema.js'
import { UsageError } from './exit-code.js'

/** The settings of this process. @throws {UsageError} when a flag or variable has a wrong value */
export function settingsOf(flags: FlagValues): Config {
  try {
    return loadProcessConfig(flags)
  } catch (error) {
    if (error instanceof QuiltError) throw new UsageError(error.message, error.hint ?? '')
    throw error
  }
}
