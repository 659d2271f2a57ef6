import { type ErrorCode, QuiltError } from '@quilt-mcp/core'

/** What a failure of a store means to the caller. */
export interface Meaning {
  readonly code: ErrorCode
  readonly says: string
  readonly hint: string
}

/** The error for the caller.
 * @param attempt what was tried, with its object: `Reading s3://bucket/key` */
export function errorOf(
  { code, says, hint }: Meaning,
  attempt: string,
  { details, cause }: { readonly details: Readonly<Record<string, unknown>>; readonly cause: unknown },
): QuiltError {
  return new QuiltError(code, `${attempt}: ${says}`, { hint, details, cause })
}
