// The one error of an index.
import { QuiltError } from '../../errors.js'

/** The error for an index that cannot be used. It holds nothing that the manifest does not: the way out is a new one. */
export function unusable(reason: string, cause?: unknown): QuiltError {
  return new QuiltError('internal', `the index of the manifest cannot be used: ${reason}`, {
    hint: 'Delete it and build it again from the manifest.',
    retryable: true,
    cause,
  })
}
