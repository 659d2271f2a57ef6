/** Bytes at once, or as they come. */
export type Content = AsyncIterable<Uint8Array> | Uint8Array

/** Content as a sequence of byte arrays, whichever way it was given. */
export function bytesOf(content: Content): AsyncIterable<Uint8Array> | readonly Uint8Array[] {
  return content instanceof Uint8Array ? [content] : content
}
