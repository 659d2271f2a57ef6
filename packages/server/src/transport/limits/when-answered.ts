// When what a request took is given back.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Leave } from './refusal.js'

/** Calls `leave`, once, when the answer is complete or its client has gone; at once when that has happened already, as it may have while
 * a token was checked: a listener for `close` would then wait for ever. The socket is watched too: an answer that waits behind another
 * of the same connection never closes by itself when the client goes. */
export function whenAnswered(
  { socket }: Pick<IncomingMessage, 'socket'>,
  outgoing: ServerResponse,
  leave: Leave,
): void {
  if (outgoing.destroyed || socket.destroyed) {
    leave()
    return
  }
  const answered = () => {
    outgoing.off('close', answered)
    socket.off('close', answered)
    leave()
  }
  outgoing.once('close', answered)
  socket.once('close', answered)
}
