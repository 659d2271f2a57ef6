// The id of a request: the client's own when it has the form of one, so that its log and ours can be laid side by side; else ours.
import { randomUUID } from 'node:crypto'

/** Whether a value is a UUID or a trace id of 32 hex digits. Anything freer could carry a secret or a name into the log. */
export const isRequestId = (value: unknown): value is string =>
  typeof value === 'string' && /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$/i.test(value)

/** The id to use for a request. @param given what the client sent as X-Request-Id */
export const requestIdOf = (given: string | undefined): string => (isRequestId(given) ? given : randomUUID())
