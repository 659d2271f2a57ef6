// The one translation of HTTP statuses into error codes.
import { type ErrorCode, QuiltError } from '@quilt-mcp/core'

export interface StatusContext {
  /** Who answered: `the registry`. */
  readonly peer: string
  /** What was asked: `Exchanging the token for AWS credentials`. */
  readonly attempt: string
  /** The `message` field of a JSON answer, when it had one. */
  readonly message?: string | undefined
  readonly retryAfter?: string | undefined
}

const byStatus: Readonly<Record<number, { readonly code: ErrorCode; readonly says: string; readonly hint: string }>> = {
  401: {
    code: 'unauthenticated',
    says: 'did not accept the token',
    hint: 'The token is unknown, expired or revoked: sign in again, or make a new API key.',
  },
  403: {
    code: 'forbidden',
    says: 'refused',
    hint: 'Your current role may not do this; ask an administrator, or switch roles.',
  },
  404: { code: 'not_found', says: 'does not know this', hint: 'Check the name, and the configured URL.' },
  408: { code: 'timeout', says: 'gave up waiting', hint: 'Try again later.' },
  409: { code: 'conflict', says: 'found a conflict', hint: 'Look at the current state, then try again.' },
  413: { code: 'invalid_input', says: 'found the request too large', hint: 'Send less at once.' },
  429: { code: 'rate_limited', says: 'asks to slow down', hint: 'Wait a little, then try again.' },
  504: { code: 'timeout', says: 'had no answer in time', hint: 'Try again later; a write may still have happened.' },
}

/** The error for a status of 300 or more. */
export function statusError(status: number, { peer, attempt, message, retryAfter }: StatusContext): QuiltError {
  const known = byStatus[status] ?? {
    code: 'upstream' as const,
    says: status < 400 ? 'answered with a redirect' : `failed`,
    hint: status < 500 ? 'Check the configured URL.' : 'The service has a problem of its own; try again later.',
  }
  return new QuiltError(known.code, `${attempt}: ${peer} ${known.says} (HTTP ${status})`, {
    hint: known.hint,
    details: {
      status,
      ...(message === undefined ? {} : { message: message.slice(0, 300) }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    },
    ...(known.code === 'upstream' && status < 500 ? { retryable: false } : {}),
  })
}
