import { QuiltError } from '@quilt-mcp/core'

/** Passes bytes on and makes sure that as many came as were promised.
 * @throws {QuiltError} from the iteration: `partial` when the body ends early. Leaving the loop closes the source. */
export async function* exactBody(
  body: AsyncIterable<Uint8Array>,
  { length, name }: { readonly length: number | undefined; readonly name: string },
): AsyncGenerator<Uint8Array, void, undefined> {
  let received = 0
  for await (const chunk of body) {
    received += chunk.byteLength
    yield chunk
  }
  if (length === undefined || received === length) return
  throw new QuiltError('partial', `${name} broke off after ${received} of ${length} bytes`, {
    hint: 'Try again.',
    details: { received, expected: length },
  })
}

/** The error for a stream to be written that is not as long as was announced. */
export function notOfItsSize(received: number, expected: number): QuiltError {
  return new QuiltError('partial', `${received} of ${expected} bytes came; nothing was written`, {
    hint: 'Try again.',
    details: { received, expected },
  })
}
