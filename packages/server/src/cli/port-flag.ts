import { UsageError } from './exit-code.js'
import type { CommandLine } from './flags.js'

/** The port that a flag names; undefined when it is not given. @throws {UsageError} when it is not a port */
export function portFlag(line: CommandLine, flag: string): number | undefined {
  const text = line.flags.get(flag)
  if (text === undefined) return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new UsageError(`--${flag} is not a port`, 'Give a whole number from 0 to 65535.')
}
