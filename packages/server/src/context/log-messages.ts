// Every message a line of the log may have. A message says what happened and nothing about whom or what: that is for the fields.

const logMessages = [
  'a backend could not be closed',
  'a message was refused',
  'a request failed',
  'a setting is wrong: every call says how, quilt-mcp doctor too',
  'a token could not be checked',
  'completion',
  'resource read',
  'the cache folder could not be used',
  'the client could not be told about progress',
  'the keys of tokens could not be read again',
  'the server failed in a way it does not know',
  'the tools could not be loaded',
  'tool call',
  'tools list',
] as const

export type LogMessage = (typeof logMessages)[number]

const known: ReadonlySet<unknown> = new Set(logMessages)

/** The message itself; `<unlisted>` for a text that is none, whatever types said. */
export const writtenMessage = (message: LogMessage): string => (known.has(message) ? message : '<unlisted>')
