// MCP over stdin and stdout for one user of one machine. stdout carries the protocol and nothing else.
import type { Transport } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { listTools } from '../mcp/call-tool.js'
import type { Caller } from '../mcp/caller.js'
import { mcpServer, type ServerDeps } from '../mcp/server.js'

export interface StdioConnection {
  /** Resolves when the client has closed stdin. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

/** Serves one client until it closes stdin. @param transport instead of this process's stdin and stdout */
export function startStdio(deps: ServerDeps, caller: Caller, transport?: Transport): StdioConnection {
  const factory = () => {
    // After the answer to the first message has gone out; whoever asks for the tools earlier does not wait longer.
    setImmediate(() => {
      deps.calls().then(
        (calls) => listTools(calls, caller),
        (error: unknown) => deps.log.error({ error }, 'the tools could not be loaded'),
      )
    })
    return mcpServer(deps, caller)
  }
  const handle = serveStdio(factory, {
    ...(transport !== undefined && { transport }),
    onerror: (error) => deps.log.debug({ error }, 'a message was refused'),
  })
  const { stdin } = process
  const ended = new Promise<void>((resolve) => {
    if (transport !== undefined) return
    stdin.once('end', resolve)
    stdin.once('close', resolve)
  })
  return { ended, close: () => handle.close() }
}
