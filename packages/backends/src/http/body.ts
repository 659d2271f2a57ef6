// Reads the body of an answer: whole as text under a limit, or chunk by chunk.
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { QuiltError } from '@quilt-mcp/core'
import type { HttpAnswer } from './answer.js'
import { type NetworkContext, networkError } from './network-error.js'

const unzip = promisify(gunzip)

/** Passes a body on; what breaks in the middle becomes a QuiltError. Leaving the loop closes the connection. */
export async function* translateBody(
  body: AsyncIterable<Uint8Array>,
  context: NetworkContext,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body
  } catch (cause) {
    throw networkError(cause, context)
  }
}

export interface ReadTextOptions {
  /** Bytes of the text, unpacked. More is `upstream`. */
  readonly maxBytes: number
  readonly peer: string
}

/** The whole body as text; `gzip` is unpacked.
 * @throws {QuiltError} `upstream` when it is larger than `maxBytes`, not UTF-8, or broken; `timeout` when it stalls */
export async function readText(answer: HttpAnswer, { maxBytes, peer }: ReadTextOptions): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge(peer, maxBytes)
    chunks.push(chunk)
  }
  const packed = Buffer.concat(chunks)
  const bytes = answer.headers['content-encoding'] === 'gzip' ? await unpack(packed, { maxBytes, peer }) : packed
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new QuiltError('upstream', `The answer of ${peer} is not UTF-8 text`, {
      hint: 'Check the configured URL.',
      cause,
    })
  }
}

async function unpack(packed: Uint8Array, { maxBytes, peer }: ReadTextOptions): Promise<Uint8Array> {
  try {
    return await unzip(packed, { maxOutputLength: maxBytes })
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(peer, maxBytes)
    throw new QuiltError('upstream', `The answer of ${peer} is cut off or damaged`, { hint: 'Try again.', cause })
  }
}

function tooLarge(peer: string, maxBytes: number): QuiltError {
  return new QuiltError('upstream', `The answer of ${peer} is larger than ${maxBytes} bytes`, {
    hint: 'Ask for less at once.',
    retryable: false,
    details: { maxBytes },
  })
}

/** True when the text is a web page: a login form, an error page of a proxy, the catalog itself. */
export function isWebPage(answer: Pick<HttpAnswer, 'headers'>, text: string): boolean {
  return (answer.headers['content-type'] ?? '').startsWith('text/html') || /^\s*<(!doctype|html)/i.test(text)
}
