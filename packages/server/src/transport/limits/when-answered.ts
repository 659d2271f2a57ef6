// When what a request took is given back.
import type { ServerResponse } from 'node:http'
import type { Leave } from './refusal.js'

/** Calls `leave` when the answer is complete or its client has gone; at once when that has happened already, as it may have while a
 * token was checked: a listener for `close` would then wait for ever, and the caller's share shrink. */
export function whenAnswered(outgoing: ServerResponse, leave: Leave): void {
  if (outgoing.destroyed) leave()
  else outgoing.once('close', leave)
}
