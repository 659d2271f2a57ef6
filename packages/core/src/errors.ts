// The one error class and the one table of codes. Callers decide by `code`, never by the words of a message.

/** Every code a QuiltError may carry. A retired code is never used again. */
export const errorCodes = {
  not_found: {
    retryable: false,
    means: 'the bucket, object, package, revision, path or tool does not exist, or is not visible to the caller',
  },
  invalid_input: {
    retryable: false,
    means: 'an argument is malformed; the message says which and what would be accepted',
  },
  unauthenticated: { retryable: false, means: 'no credential was given, or it is invalid, expired or revoked' },
  forbidden: { retryable: false, means: 'the caller is known but may not do this' },
  conflict: { retryable: false, means: 'the thing exists already, or moved after it was read; nothing was written' },
  unsupported: { retryable: false, means: 'this backend or client cannot do it; the hint names one that can' },
  rate_limited: { retryable: true, means: 'too many requests; try again later' },
  timeout: { retryable: true, means: 'no answer in time; a write may still have happened' },
  upstream: { retryable: true, means: 'the registry, S3 or another service failed or answered nonsense' },
  partial: { retryable: true, means: 'a source answered only in part; nothing was written from it' },
  internal: { retryable: false, means: 'a defect of this server; report the reference id' },
} as const satisfies Record<string, { retryable: boolean; means: string }>

/** A code of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes

/** What an error says beside its code and message. */
export interface QuiltErrorOptions {
  /** One sentence: what to do next. */
  readonly hint?: string
  /** Whether the same call may succeed later. Default: what {@link errorCodes} says of the code. */
  readonly retryable?: boolean
  /** Facts for programs: names, hashes, statuses. Never a secret, never a raw upstream body. */
  readonly details?: Readonly<Record<string, unknown>>
  /** Tools that are the sensible next calls. */
  readonly nextTools?: readonly string[]
  /** What was caught. Logged (redacted), never shown to a client. */
  readonly cause?: unknown
}

/** The error every part of Quilt MCP throws for a condition a caller can act on. */
export class QuiltError extends Error {
  override readonly name = 'QuiltError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly retryable: boolean
  readonly details: Readonly<Record<string, unknown>> | undefined
  readonly nextTools: readonly string[] | undefined

  constructor(code: ErrorCode, message: string, options: QuiltErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.retryable = options.retryable ?? errorCodes[code].retryable
    this.details = options.details
    this.nextTools = options.nextTools
  }
}
