import type { Readable } from 'node:stream'

/** An answer whose body has not been read. Read it or call `discard`. */
export interface HttpAnswer {
  readonly status: number
  /** Names in lower case; repeated ones joined by `, ` (`set-cookie` by a line feed). */
  readonly headers: Readonly<Record<string, string>>
  /** Fails with `upstream` when the body is cut, with `timeout` when it stalls. Leaving the loop closes the connection. */
  readonly body: AsyncIterable<Uint8Array>
  /** The same bytes for those who need a node stream; its errors are not translated. Destroying it closes the connection. */
  readonly stream: Readable
  discard(): Promise<void>
}
