// The server's log: pino on stderr, because stdout belongs to the protocol. pino is loaded with the first line that is written.
// What a line may say is closed: the fields of log-fields.ts and the messages of log-messages.ts, checked as they are written.
import type { Logger } from 'pino'
import { type LogFields, writtenFields } from './log-fields.js'
import { type LogMessage, writtenMessage } from './log-messages.js'
import { thrownFacts } from './thrown-facts.js'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export interface Log {
  debug(fields: LogFields, message: LogMessage): void
  info(fields: LogFields, message: LogMessage): void
  warn(fields: LogFields, message: LogMessage): void
  error(fields: LogFields, message: LogMessage): void
}

type WrittenLevel = Exclude<LogLevel, 'silent'>

/** A log that writes JSON lines to stderr, in the order of the calls. */
export function createLog(level: LogLevel): Log {
  let logger: Promise<Logger> | undefined
  const write = (at: WrittenLevel) => (fields: LogFields, message: LogMessage) => {
    if (logLevels.indexOf(at) < logLevels.indexOf(level)) return
    const line = [writtenFields(fields), writtenMessage(message)] as const
    logger ??= import('pino').then(({ default: pino }) =>
      pino({ level, base: null }, pino.destination({ fd: 2, sync: true })),
    )
    logger.then(
      (loaded) => loaded[at](...line),
      (error: unknown) => process.stderr.write(`the log failed: ${JSON.stringify(thrownFacts(error))}\n`),
    )
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
