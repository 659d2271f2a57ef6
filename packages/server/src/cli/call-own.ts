// A call against the backend of the settings, without a client or a connection between.
import { randomUUID } from 'node:crypto'
import type { CallToolResult } from '@modelcontextprotocol/server'
import { QuiltError } from '@quilt-mcp/core'
import type { Config } from '../config/schema.js'
import { callTool } from '../mcp/call-tool.js'
import type { Asker } from './ask.js'
import { ownCaller } from './own-caller.js'
import { serverDeps } from './server-deps.js'
import { surroundings } from './settings.js'
import type { TypedCall } from './typed-call.js'

export interface OwnCallOptions {
  readonly config: Config
  readonly confirm: Asker
}

/** Calls a tool as the user of the settings. Ctrl-C cancels the call. */
export async function callOwn({ tool, args }: TypedCall, { config, confirm }: OwnCallOptions): Promise<CallToolResult> {
  const caller = ownCaller(config, { surroundings: surroundings(), workingDir: process.cwd() })
  const cancelled = new AbortController()
  const cancel = () => cancelled.abort()
  process.once('SIGINT', cancel)
  try {
    return await callTool(serverDeps(config), caller, {
      name: tool,
      args,
      requestId: randomUUID(),
      signal: cancelled.signal,
      onProgress: ({ done, total, message }) => {
        if (process.stderr.isTTY)
          process.stderr.write(`\r\u001b[K${message} ${done}${total === undefined ? '' : ` of ${total}`}`)
      },
      confirm: () => async (question) => {
        // A token of this process is worth nothing to the next one: it is the person who confirms here.
        const agreed = await confirm(question.message)
        if (agreed === true) return
        throw agreed === false
          ? new QuiltError('forbidden', 'declined; nothing was changed')
          : new QuiltError('conflict', 'not confirmed; nothing was changed', { hint: 'Repeat the command with --yes.' })
      },
    })
  } finally {
    process.off('SIGINT', cancel)
    await caller.close()
  }
}
