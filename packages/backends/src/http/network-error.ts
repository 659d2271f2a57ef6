// What a failed connection means to the caller.
import { QuiltError } from '@quilt-mcp/core'

/** The request that failed. */
export interface NetworkContext {
  readonly peer: string
  /** The time limit that held, in milliseconds. */
  readonly limitMs?: number | undefined
  /** The caller's own signal: its abort is not an error of ours. */
  readonly signal?: AbortSignal | undefined
  readonly deadline?: AbortSignal | undefined
}

const timeoutCodes: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])
const lossCodes: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNREFUSED',
  'ECONNABORTED',
  'UND_ERR_SOCKET',
  'EAI_AGAIN',
])
const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/

/** Turns what undici or node threw into a `timeout` or an `upstream`. `details.lost` marks a lost connection, which may be tried again.
 * @returns the signal's own reason when the caller aborted, a QuiltError as it is */
export function networkError(cause: unknown, { peer, limitMs, signal, deadline }: NetworkContext): unknown {
  if (signal?.aborted) return signal.reason
  if (cause instanceof QuiltError) return cause
  const code = codeOf(cause)
  if (deadline?.aborted || timeoutCodes.has(code)) {
    const within = limitMs === undefined ? 'in time' : `within ${Math.ceil(limitMs / 1_000)} s`
    return new QuiltError('timeout', `No answer from ${peer} ${within}`, {
      hint: 'Try again later, or ask for less at once.',
      details: { peer, ...(limitMs === undefined ? {} : { seconds: limitMs / 1_000 }) },
      cause,
    })
  }
  if (certificateCodes.test(code)) {
    return new QuiltError('upstream', `The TLS certificate of ${peer} is not trusted (${code})`, {
      hint: 'Behind a company proxy, set NODE_EXTRA_CA_CERTS to the file with its certificate authority.',
      retryable: false,
      details: { peer, reason: code },
      cause,
    })
  }
  return new QuiltError('upstream', `The connection to ${peer} failed (${code})`, {
    hint: hints[code] ?? 'Check the network and try again.',
    details: { peer, reason: code, lost: lossCodes.has(code) },
    cause,
  })
}

const hints: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The host name does not exist: check the configured URL.',
  ECONNREFUSED: 'Nothing listens there: check the configured URL and port, and that the service runs.',
  UND_ERR_SOCKET: 'The other side closed the connection; try again.',
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  if (error instanceof Error) {
    if ('code' in error && typeof error.code === 'string') return error.code
    return error.cause === undefined ? error.name : codeOf(error.cause)
  }
  return 'unknown'
}
