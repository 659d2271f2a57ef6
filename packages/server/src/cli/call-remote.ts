// A call to an MCP server over HTTP, with the official client.
import {
  type CallToolResult,
  Client,
  SdkHttpError,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { QuiltError } from '@quilt-mcp/core'
import type { Asker } from './ask.js'
import type { TypedCall } from './typed-call.js'
import { version } from './version.js'

export interface RemoteCallOptions {
  /** The MCP endpoint. */
  readonly url: string
  readonly token: string | undefined
  readonly confirm: Asker
}

/** Calls a tool of a server. @throws {QuiltError} `unauthenticated` or `upstream` when the server cannot be spoken with */
export async function callRemote({ tool, args }: TypedCall, options: RemoteCallOptions): Promise<CallToolResult> {
  const client = new Client(
    { name: 'quilt-mcp-call', version },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: 'auto' } },
  )
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    const agreed = await options.confirm(params.message)
    if (agreed === undefined) return { action: 'cancel' }
    return agreed ? { action: 'accept', content: { confirm: true } } : { action: 'decline' }
  })
  const { token } = options
  const transport = new StreamableHTTPClientTransport(new URL(options.url), {
    ...(token !== undefined && { authProvider: { token: () => Promise.resolve(token) } }),
  })
  try {
    await client.connect(transport)
    return await client.callTool({ name: tool, arguments: { ...args } })
  } catch (cause) {
    throw translated(cause, options.url)
  } finally {
    await client.close()
  }
}

function translated(cause: unknown, url: string): QuiltError {
  if (cause instanceof UnauthorizedError || (cause instanceof SdkHttpError && cause.status === 401)) {
    return new QuiltError('unauthenticated', `${url} does not accept the token`, {
      hint: "Give the user's token with --token (QUILT_API_KEY).",
      cause,
    })
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new QuiltError('upstream', `${url} could not be called: ${reason}`, {
    hint: 'Check --url; it ends in /mcp.',
    cause,
  })
}
