// One MCP message over HTTP: who sends it, whether it may be served now, and what serves it.
import type { IncomingMessage } from 'node:http'
import { type AuthInfo, createMcpHandler } from '@modelcontextprotocol/server'
import { QuiltError } from '@quilt-mcp/core'
import { authenticateRuntime, runInContext } from '../context/runtime-context.js'
import type { Caller } from '../mcp/caller.js'
import { asQuiltError } from '../mcp/error.js'
import type { KnownNames } from '../mcp/narrowing/named-lists.js'
import { narrowingOf } from '../mcp/narrowing/narrowing-of-request.js'
import { mcpServer, type ServerDeps } from '../mcp/server.js'
import { type HttpCallerDeps, httpCaller, runtimeAuth, runtimeMetadata } from './http-caller.js'
import { authRefusal } from './http-refusal.js'
import type { Admission } from './limits/admission.js'
import { bodyBudgetFor, createBodyBudget } from './limits/body-budget.js'
import { readBody } from './limits/read-body.js'
import { isRefusal, type Leave, type Refusal } from './limits/refusal.js'
import type { McpPath } from './mcp-path.js'
import { type SenderDeps, type SentRequest, senderOf } from './sender.js'

export interface McpRouteDeps extends HttpCallerDeps, Omit<SenderDeps, 'log'> {
  readonly server: ServerDeps
  readonly admission: Admission
  /** What requests may be narrowed to. */
  readonly knownNames: KnownNames
  readonly maxRequestBytes: number
}

/** One request, as it came in. */
export interface McpRequest extends SentRequest {
  /** The same for the SDK; its body is not read there. */
  readonly request: Request
  readonly path: McpPath
  /** Told when something was taken that must be given back when the answer is complete. */
  entered(leave: Leave): void
}

export interface McpRoute {
  /** Serves a POST. The answer of the MCP server, or why there is none. */
  serve(request: McpRequest): Promise<Response | Refusal>
  /** Ends what is still answered. */
  close(): Promise<void>
}

/** Makes the route. Each message gets an MCP server of its own, for its own caller. */
export function mcpRoute(deps: McpRouteDeps): McpRoute {
  const { admission, metrics } = deps
  const { log } = deps.server
  const sender = senderOf({ ...deps, log })
  const bodies = createBodyBudget(bodyBudgetFor(deps.maxRequestBytes))
  const callers = new WeakMap<AuthInfo, Caller>()
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const caller = authInfo && callers.get(authInfo)
      if (!caller) throw new QuiltError('internal', 'a message came without its caller')
      return mcpServer(deps.server, caller)
    },
    {
      maxRequestBodySize: deps.maxRequestBytes,
      onerror: () => log.debug({}, 'a message was refused'),
    },
  )

  const serve = async (request: McpRequest): Promise<Response | Refusal> => {
    const { incoming, path } = request
    const entered = admission.enter()
    if (isRefusal(entered)) {
      metrics.rateLimited('server')
      return entered
    }
    request.entered(entered)
    const principal = await sender(request)
    if ('status' in principal) return principal
    const share = admission.enterAs(principal.id)
    if (isRefusal(share)) {
      metrics.rateLimited('caller')
      return share
    }
    request.entered(share)
    authenticateRuntime(runtimeAuth(principal), runtimeMetadata(principal))
    const narrowing = narrowingOf(
      { segments: path.segments, header: (name) => incoming.headersDistinct[name.toLowerCase()] ?? [] },
      deps.knownNames,
    )
    const authInfo: AuthInfo = { token: principal.token, clientId: principal.id, scopes: [] }
    callers.set(authInfo, httpCaller(deps, principal, { surface: path.surface, narrowing }))
    if (!isJson(incoming)) return handler.fetch(request.request, { authInfo })
    const hold = bodies.hold(principal.id)
    request.entered(hold.release)
    const read = await readBody(incoming, { maxBytes: deps.maxRequestBytes, signal: request.request.signal, hold })
    if ('refusal' in read) return read.refusal
    const message = parsed(read.body)
    return message === undefined ? notJson() : handler.fetch(request.request, { authInfo, parsedBody: message.value })
  }

  return {
    serve: (request) =>
      runInContext(
        {
          environment: 'web-unauthenticated',
          metadata: {},
          requestId: request.requestId,
          signal: request.request.signal,
          log,
        },
        async () => {
          try {
            return await serve(request)
          } catch (thrown) {
            const error = asQuiltError(thrown, request.request.signal)
            return authRefusal(error, { hasToken: true })
          }
        },
      ),
    close: () => handler.close(),
  }
}

const isJson = ({ headers }: IncomingMessage): boolean =>
  /^application\/json\s*(;|$)/i.test(headers['content-type']?.trim() ?? '')

function parsed(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString('utf8')) }
  } catch {
    return undefined // answered as JSON-RPC wants it
  }
}

const notJson = (): Response =>
  Response.json(
    {
      jsonrpc: '2.0',
      error: { code: -32_700, message: 'Parse error: the request body is not valid JSON' },
      id: null,
    },
    { status: 400 },
  )
