// Answers of limits on the wire. The client is often still sending: it must be able to read why it was refused.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Refusal, refusalText } from './refusal.js'

const lingerMs = 2000
const lingerBytes = 64 * 1024 * 1024

/** Answers with a refusal. When the refusal ends the connection, what the client still sends is read and thrown away for up to 2 s and
 * 64 MiB: closed at once, the system would reset the connection, and the client would see that in place of the answer.
 * @param headers beside the refusal's own: CORS, request id */
export function answerRefusal(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  refusal: Refusal,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (outgoing.destroyed || outgoing.headersSent || incoming.socket.destroyed) return
  const text = refusalText(refusal)
  outgoing.writeHead(refusal.status, {
    ...headers,
    ...refusal.headers,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  })
  if (incoming.complete || incoming.destroyed) {
    outgoing.end(text)
    return
  }
  outgoing.write(text)
  let bytes = 0
  const end = () => {
    clearTimeout(timer)
    incoming.off('data', count).off('end', end).off('close', end)
    // Node takes the end of an answer whose socket is gone for that of a request that was pipelined behind it, and dies of it.
    if (incoming.socket.destroyed) outgoing.destroy()
    else outgoing.end()
  }
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > lingerBytes) end()
  }
  const timer = setTimeout(end, lingerMs)
  incoming
    .on('data', count)
    .on('end', end)
    .on('close', end)
    .on('error', () => {})
  incoming.resume()
}
