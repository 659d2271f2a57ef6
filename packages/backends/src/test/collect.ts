import { QuiltError } from '@quilt-mcp/core'

/** All bytes of a body. */
export async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The QuiltError that a promise rejects with; anything else fails the test. */
export async function refusalOf(promise: Promise<unknown>): Promise<QuiltError> {
  const error = await promise.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  )
  if (error instanceof QuiltError) return error
  throw error
}

/** The QuiltErrors of several promises, all under way at once. */
export function refusalsOf(promises: readonly Promise<unknown>[]): Promise<readonly QuiltError[]> {
  return Promise.all(promises.map(refusalOf))
}
