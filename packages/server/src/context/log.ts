// The server's log: pino on stderr, because stdout belongs to the protocol. pino is loaded with the first line that is written.
import type { Logger } from 'pino'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** Facts of a line. Never a secret, never users' data. */
export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

type WrittenLevel = Exclude<LogLevel, 'silent'>

/** A log that writes JSON lines to stderr, in the order of the calls. */
export function createLog(level: LogLevel): Log {
  let logger: Promise<Logger> | undefined
  const write = (at: WrittenLevel) => (fields: LogFields, message: string) => {
    if (logLevels.indexOf(at) < logLevels.indexOf(level)) return
    logger ??= import('pino').then(({ default: pino }) =>
      pino({ level, base: null }, pino.destination({ fd: 2, sync: true })),
    )
    logger.then(
      (loaded) => loaded[at](fields, message),
      (error: unknown) => process.stderr.write(`the log failed: ${String(error)}\n`),
    )
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
