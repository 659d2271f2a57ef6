// What an exchange gives: shared by those who exchange and those who keep.
import type { QuiltError } from '@quilt-mcp/core'

/** AWS credentials of one principal. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Absent for the keys of an IAM user. */
  readonly sessionToken?: string
  /** When they die. Absent: not before somebody ends them. */
  readonly expiresAtMs?: number
}

/** What an exchange came to. A refusal is a decision of the registry, to be respected for a while; a failure is thrown instead. */
export type ExchangeOutcome =
  | { readonly kind: 'credentials'; readonly credentials: AwsCredentials }
  | { readonly kind: 'refused'; readonly error: QuiltError }

/** The credentials of an outcome. @throws {QuiltError} the refusal */
export function credentialsIn(outcome: ExchangeOutcome): AwsCredentials {
  if (outcome.kind === 'refused') throw outcome.error
  return outcome.credentials
}
