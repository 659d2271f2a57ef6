// The MCP server itself: tools and resources for one caller, over whichever transport. Cheap: one is made per HTTP request.
import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import type { Log } from '../context/log.js'
import { runtimeRequestId } from '../context/runtime-context.js'
import { type CallDeps, callTool, listTools, readResource, type ToolCall } from './call-tool.js'
import type { Caller } from './caller.js'
import { complete } from './complete.js'
import { type Answer, ConfirmationNeeded, confirmer } from './confirmation.js'
import { asQuiltError, errorBody } from './error.js'
import { instructions } from './instructions.js'
import { progressReporter } from './progress.js'
import { wordsFor } from './surface.js'

export interface ServerDeps {
  /** Of this package. */
  readonly version: string
  readonly log: Log
  /** What calls need: tools and resources. Asked for at the first list or call, so that `initialize` need not wait for them. */
  calls(): Promise<CallDeps>
}

/** Makes the server for one caller: one connection on stdio, one request on HTTP. */
export function mcpServer(deps: ServerDeps, caller: Caller): Server {
  const server = new Server(
    { name: 'quilt-mcp', title: 'Quilt', version: deps.version },
    {
      capabilities: { tools: {}, resources: {}, completions: {} },
      instructions: wordsFor(caller.view.surface, instructions),
      cacheHints: { 'tools/list': listHint, 'resources/list': listHint, 'resources/templates/list': listHint },
    },
  )

  server.setRequestHandler('tools/list', async () => {
    const started = performance.now()
    const tools = await listTools(await deps.calls(), caller)
    const ms = Math.round(performance.now() - started)
    const { principal } = caller
    deps.log.debug({ count: tools.length, ms, requestId: runtimeRequestId(), principal }, 'tools list')
    return { tools: tools.map((tool) => ({ ...tool })) }
  })

  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    try {
      return await callTool(await deps.calls(), caller, toolCall(params.name, params.arguments, ctx))
    } catch (thrown) {
      if (thrown instanceof ConfirmationNeeded) return askUser(thrown)
      throw thrown
    }
  })

  /** Ends when the client calls it off, or goes away, or the time is over. */
  const callOf = ({ mcpReq }: ServerContext): Pick<ToolCall, 'requestId' | 'signal'> => ({
    requestId: runtimeRequestId(),
    signal:
      caller.limitMs === undefined
        ? mcpReq.signal
        : AbortSignal.any([mcpReq.signal, AbortSignal.timeout(caller.limitMs)]),
  })

  const toolCall = (name: string, args: unknown, ctx: ServerContext): ToolCall => ({
    name,
    args,
    ...callOf(ctx),
    onProgress: progressReporter(ctx, deps.log),
    confirm: (tool) => confirmer({ tool, tokens: caller.tokens, elicitation: elicitationOf(ctx) }),
  })

  /** What came back from the client's user; undefined when the client cannot ask. */
  const elicitationOf = (ctx: ServerContext) => {
    // The 2026 protocol declares capabilities with each request, the older ones once a connection.
    const declared = Object.values(ctx.mcpReq.envelope ?? {}).length > 0 ? ctx.mcpReq.envelope : undefined
    const capabilities: unknown = declared
      ? Reflect.get(declared, CLIENT_CAPABILITIES_META_KEY)
      : server.getClientCapabilities()
    if (!asksWithForms(capabilities)) return undefined
    return { answer: answerIn(ctx.mcpReq.inputResponses), state: ctx.mcpReq.requestState<string>() }
  }

  server.setRequestHandler('resources/list', async () => ({
    resources: (await deps.calls()).resources.map(({ uri, name, title, description, mimeType }) => ({
      uri,
      name,
      title,
      description,
      mimeType,
    })),
  }))
  server.setRequestHandler('resources/templates/list', async () => ({
    resourceTemplates: (await deps.calls()).templates.map(({ uriTemplate, name, title, description, mimeType }) => ({
      uriTemplate,
      name,
      title,
      description,
      mimeType,
    })),
  }))
  server.setRequestHandler('completion/complete', async ({ params: { ref, argument, context } }, ctx) => {
    // There are no prompts.
    if (ref.type !== 'ref/resource') throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'there is no such prompt')
    try {
      const { values, ...more } = await complete(await deps.calls(), caller, {
        uriTemplate: ref.uri,
        variable: argument.name,
        typed: argument.value,
        others: context?.arguments ?? {},
        ...callOf(ctx),
      })
      return { completion: { values: [...values], ...more } }
    } catch (thrown) {
      throw protocolError(asQuiltError(thrown, ctx.mcpReq.signal))
    }
  })
  server.setRequestHandler('resources/read', async ({ params: { uri } }, ctx) => {
    try {
      const { mimeType, text } = await readResource(await deps.calls(), caller, {
        uri,
        ...callOf(ctx),
      })
      return { contents: [{ uri, mimeType, text }] }
    } catch (thrown) {
      const error = asQuiltError(thrown, ctx.mcpReq.signal)
      if (error.code === 'not_found') throw new ResourceNotFoundError(uri, `${error.message}. ${error.hint ?? ''}`)
      throw protocolError(error)
    }
  })

  const protocolError = (error: QuiltError): ProtocolError =>
    new ProtocolError(
      ['invalid_input', 'not_found'].includes(error.code)
        ? ProtocolErrorCode.InvalidParams
        : ProtocolErrorCode.InternalError,
      error.message,
      { error: errorBody(error, caller.view.surface) },
    )
  return server
}

/** Lists differ between callers but hardly ever change: a client may keep its own for five minutes. */
const listHint = { ttlMs: 300_000, cacheScope: 'private' } as const

const elicitingClient = z.object({
  elicitation: z.object({ form: z.unknown().optional(), url: z.unknown().optional() }),
})

/** `elicitation: {}` is the form mode of clients older than the modes. */
function asksWithForms(capabilities: unknown): boolean {
  const { data } = elicitingClient.safeParse(capabilities)
  return data !== undefined && (data.elicitation.form !== undefined || data.elicitation.url === undefined)
}

function answerIn(responses: Record<string, unknown> | undefined): Answer {
  const response = inputResponse(responses, 'confirm')
  if (response.kind !== 'elicit') return 'missing'
  return response.action === 'accept' && response.content?.confirm === true ? 'accepted' : 'declined'
}

function askUser({ question, state }: ConfirmationNeeded): InputRequiredResult {
  return inputRequired({
    inputRequests: {
      confirm: inputRequired.elicit({
        message: question,
        requestedSchema: {
          type: 'object',
          properties: {
            confirm: { type: 'boolean', title: 'Yes, do it', description: 'Nothing is changed otherwise.' },
          },
          required: ['confirm'],
        },
      }),
    },
    requestState: state,
  })
}
