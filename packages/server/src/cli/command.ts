// What a command of `quilt-mcp` is. Each is in a file of its own, loaded only when it is called.
import type { SettingName } from '../config/schema.js'
import type { CommandFlag, CommandLine } from './flags.js'

export interface Command {
  /** What follows the command's name: `<tool> ['{json}']`. */
  readonly usage: string
  /** Paragraphs for `--help`, after the summary. */
  readonly about: string
  readonly flags: readonly CommandFlag[]
  readonly settings: readonly SettingName[]
  /** Whether unknown `--name value` flags are given to the command. Default false. */
  readonly takesOthers?: boolean
  /** Does the work. @returns the exit status @throws {QuiltError} */
  run(line: CommandLine): Promise<number>
}
