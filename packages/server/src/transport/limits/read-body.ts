// Reads the body of a request, and no more than is allowed.
import type { IncomingMessage } from 'node:http'
import { QuiltError } from '@quilt-mcp/core'
import type { BodyHold } from './body-budget.js'
import { notTaken, type Refusal } from './refusal.js'

export interface BodyRule {
  /** Longest body, in bytes. */
  readonly maxBytes: number
  /** Of the request: ends the reading. */
  readonly signal: AbortSignal
  /** Seconds that a client may take to send the body. Default: 60. */
  readonly seconds?: number
  /** Where its memory is counted; still held when the body was read, given back by whoever waits for the request to end. */
  readonly hold?: Pick<BodyHold, 'take'>
}

export type BodyRead = { readonly body: Buffer } | { readonly refusal: Refusal }

/** Reads a body by its declared and by its real length.
 * @returns its bytes; or 413 for one that is too long, 408 for one that does not come, 415 for one that is compressed, and what `hold`
 *   says when there is no room for it. After a
 *   refusal nothing more is read: answer with `answerRefusal`, which ends the connection in peace.
 * @throws {QuiltError} `timeout` when the client went away; the reason of `signal` when that is aborted. Nobody waits for an answer then. */
export function readBody(
  incoming: IncomingMessage,
  { maxBytes, signal, seconds = 60, hold }: BodyRule,
): Promise<BodyRead> {
  const refusal = refusalOf(incoming, maxBytes)
  if (refusal) return Promise.resolve({ refusal })
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const settle = (end: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
      incoming.off('data', take).off('end', ended).off('close', gone).off('error', gone)
      incoming.pause()
      // A parser's complaint may still come, after the answer: it has its own handler.
      incoming.on('error', () => {})
      end()
    }
    const take = (chunk: Buffer) => {
      length += chunk.length
      const refused = length > maxBytes ? tooLong(maxBytes) : hold?.take(chunk.length)
      if (refused) settle(() => resolve({ refusal: refused }))
      else chunks.push(chunk)
    }
    const ended = () => settle(() => resolve({ body: Buffer.concat(chunks, length) }))
    const gone = () => settle(() => reject(clientGone()))
    const aborted = () => settle(() => reject(signal.reason as Error))
    const timer = setTimeout(() => settle(() => resolve({ refusal: tooSlow(seconds) })), seconds * 1000)
    if (signal.aborted) return aborted()
    if (incoming.destroyed && !incoming.complete) return gone()
    signal.addEventListener('abort', aborted)
    incoming.on('data', take).on('end', ended).on('close', gone).on('error', gone)
  })
}

function refusalOf({ headers }: IncomingMessage, maxBytes: number): Refusal | undefined {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    return notTaken(415, 'unsupported', 'the body is compressed', 'Send it without Content-Encoding.')
  }
  return Number(headers['content-length'] ?? 0) > maxBytes ? tooLong(maxBytes) : undefined
}

const tooLong = (maxBytes: number): Refusal =>
  notTaken(
    413,
    'invalid_input',
    `the body is longer than ${maxBytes} bytes`,
    'Send less in one message; large files go to S3 first, and then into a package by their S3 address.',
  )

const tooSlow = (seconds: number): Refusal =>
  notTaken(408, 'timeout', `the body did not come within ${seconds} s`, 'Send the request again.')

const clientGone = (): QuiltError =>
  new QuiltError('timeout', 'the client went away before its request was complete', {
    hint: 'Send the request again.',
  })
