// Progress of long work -> notifications, for a client that asked for them; nothing before the result for one that did not.
import type { ServerContext } from '@modelcontextprotocol/server'
import type { Progress } from '@quilt-mcp/backends'
import type { Log } from '../context/log.js'

const shortestPauseMs = 200

/** Reports to the client of a request: growing numbers only, and not more than five times a second. */
export function progressReporter(ctx: ServerContext, log: Log): (progress: Progress) => void {
  const progressToken = ctx.mcpReq._meta?.progressToken
  if (progressToken === undefined) return () => {}
  let last = { done: -1, at: Number.NEGATIVE_INFINITY }
  return ({ done, total, message }) => {
    const at = performance.now()
    if (done <= last.done || (at - last.at < shortestPauseMs && done !== total)) return
    last = { done, at }
    ctx.mcpReq
      .notify({
        method: 'notifications/progress',
        params: { progressToken, progress: done, ...(total !== undefined && { total }), message },
      })
      .catch((error: unknown) => log.debug({ error }, 'the client could not be told about progress'))
  }
}
