// Why a bucket cannot be searched.
import { QuiltError } from '@quilt-mcp/core'
import type { Buckets } from '../../backend.js'
import type { CallOptions } from '../../call-options.js'

/** Whether the caller may not see it, or nobody can: then an index of it is not shown. */
export const isRefusal = (failure: unknown): boolean =>
  failure instanceof QuiltError && ['forbidden', 'not_found', 'unauthenticated'].includes(failure.code)

/** The failure in the words of who knows best: S3 denies access to buckets that are none, too; whoever lists the buckets can tell.
 * @throws what is no failure of the registry */
export async function reasonOf(
  failure: unknown,
  bucket: string,
  { buckets, signal }: { readonly buckets: Pick<Buckets, 'get'>; readonly signal: CallOptions['signal'] },
): Promise<QuiltError> {
  if (!(failure instanceof QuiltError)) throw failure
  if (failure.details?.s3 !== 'AccessDenied') return failure
  try {
    await buckets.get(bucket, { signal })
    return failure
  } catch (error) {
    if (!(error instanceof QuiltError)) throw error
    return isRefusal(error) ? error : failure
  }
}
