// Byte sources for tests: the same bytes, cut anywhere.

/** The bytes in chunks of the given sizes, over and over; then whether the consumer closed the source. */
export function inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncIterable<Uint8Array> & { closed: boolean } {
  const source = {
    closed: false,
    async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        for (let from = 0, turn = 0; from < bytes.length; turn++) {
          const size = Math.max(1, sizes[turn % sizes.length] ?? bytes.length)
          yield bytes.subarray(from, from + size)
          from += size
        }
      } finally {
        source.closed = true
      }
    },
  }
  return source
}

/** The text as UTF-8, in one chunk. */
export function utf8(text: string): AsyncIterable<Uint8Array> & { closed: boolean } {
  return inChunks(new TextEncoder().encode(text), [])
}

/** All bytes of a source, joined. */
export async function collected(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}
