// How the registry refuses: as data, with the names of formats.md 7.4.
import type { JsonObject } from '@quilt-mcp/core'

/** One thing that is wrong with what the caller sent. */
export interface InputFailure {
  /** Where: `params.name`, `src.entries.3`. */
  readonly path: string
  /** A name of formats.md 7.4. */
  readonly name: string
  readonly message: string
  readonly context?: JsonObject
}

/** What the caller sent is wrong. All that was found, together; nothing was changed. */
export class InputRefused extends Error {
  override readonly name = 'InputRefused'
  readonly failures: readonly InputFailure[]

  constructor(failures: readonly InputFailure[]) {
    super(failures.map(({ path, message }) => `${path}: ${message}`).join('; '))
    this.failures = failures
  }
}

/** What the caller asked for cannot be done. Nothing was changed. */
export class OperationRefused extends Error {
  override readonly name = 'OperationRefused'
  /** A name of formats.md 7.4. */
  readonly reason: string
  readonly context: JsonObject | undefined

  constructor(
    reason: string,
    message: string,
    options: { readonly context?: JsonObject; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.reason = reason
    this.context = options.context
  }
}
