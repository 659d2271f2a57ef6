// One tool call, from the arguments to the result. Every transport and the command line come through here.
import type { CallToolResult } from '@modelcontextprotocol/server'
import type { Backend, Progress } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import type { Log } from '../context/log.js'
import { runInContext } from '../context/runtime-context.js'
import type { Caller } from './caller.js'
import { viewOf } from './capabilities.js'
import { ConfirmationNeeded } from './confirmation.js'
import type { ResourceDefinition } from './define-resource.js'
import type { ConfirmationQuestion, ToolContext } from './define-tool.js'
import { asQuiltError, errorResult } from './error.js'
import { parseInput } from './input.js'
import { nearMatches } from './near-match.js'
import { toolResult } from './result.js'
import type { ListedTool } from './tool-definition.js'
import type { ToolRegistry } from './tool-registry.js'

/** What all calls of a process share. */
export interface CallDeps {
  readonly registry: ToolRegistry
  readonly resources: readonly ResourceDefinition[]
  readonly log: Log
  /** Characters of text a result may take by default. */
  readonly resultChars: number
}

/** One call as it came in. */
export interface ToolCall {
  readonly name: string
  readonly args: unknown
  readonly requestId: string
  readonly signal: AbortSignal
  onProgress(progress: Progress): void
  /** Makes the `confirm` of the call, once its tool is known by its own name. */
  confirm(tool: string): (question: ConfirmationQuestion) => Promise<void>
}

/** Runs a tool for a caller. What goes wrong becomes an error result.
 * @throws {ConfirmationNeeded} when the client must ask its user before the call is repeated; nothing else */
export async function callTool(deps: CallDeps, caller: Caller, call: ToolCall): Promise<CallToolResult> {
  const started = performance.now()
  const facts: { tool: string; backend?: string } = { tool: call.name.slice(0, 64) }
  const done = (outcome: string) =>
    deps.log.info(
      {
        ...facts,
        ms: Math.round(performance.now() - started),
        outcome,
        requestId: call.requestId,
        principal: caller.principal,
      },
      'tool call',
    )
  try {
    facts.tool = deps.registry.find(call.name, caller.view).tool.name
    const backend = await caller.backend()
    facts.backend = backend.name
    const { tool, inputSchema } = deps.registry.find(call.name, { ...caller.view, backend: viewOf(backend) })
    const input = parseInput(tool, inputSchema, call.args)
    const context = toolContext(deps, caller, call, { backend, confirm: call.confirm(tool.name) })
    const output = await runInContext(runtimeContext(deps, caller, call), () => tool.run(context, input))
    const result = toolResult(tool, output, { resultChars: deps.resultChars, surface: caller.view.surface })
    done('ok')
    return result
  } catch (thrown) {
    if (thrown instanceof ConfirmationNeeded) {
      done('confirmation asked')
      throw thrown
    }
    const error = asQuiltError(thrown, call.signal)
    if (error.code === 'internal') {
      deps.log.error(
        { ...facts, requestId: call.requestId, reference: error.details?.reference, stack: stackOf(error.cause) },
        error.message,
      )
    }
    done(error.code)
    caller.failed?.(error)
    return errorResult(error, caller.view.surface)
  }
}

/** The tools that a caller sees: what the backend cannot do is not among them. All of them, when the backend cannot be opened:
 * a call says why. */
export async function listTools(
  { registry }: Pick<CallDeps, 'registry'>,
  caller: Caller,
): Promise<readonly ListedTool[]> {
  const backend = await caller.backend().then(viewOf, () => undefined)
  return registry.list({ ...caller.view, backend })
}

/** Reads one of the resources for a caller. @throws {QuiltError} `not_found`, and what reading it throws */
export async function readResource(
  deps: CallDeps,
  caller: Caller,
  request: Pick<ToolCall, 'requestId' | 'signal'> & { readonly uri: string },
): Promise<{ readonly mimeType: string; readonly text: string }> {
  const resource = findResource(deps.resources, request.uri)
  const call: ToolCall = {
    ...request,
    name: request.uri,
    args: {},
    onProgress: () => {},
    confirm: () => refuseToChange,
  }
  const context = toolContext(deps, caller, call, { backend: await caller.backend(), confirm: refuseToChange })
  const text = await runInContext(runtimeContext(deps, caller, call), () => resource.read(context))
  return { mimeType: resource.mimeType, text }
}

const refuseToChange = (): Promise<void> =>
  Promise.reject(
    new QuiltError('forbidden', 'reading a resource changes nothing', { hint: 'Call a tool to change data.' }),
  )

function findResource(resources: readonly ResourceDefinition[], uri: string): ResourceDefinition {
  const resource = resources.find((one) => one.uri === uri)
  if (resource) return resource
  const known = resources.map((one) => one.uri)
  const near = nearMatches(uri, known, 1)
  throw new QuiltError('not_found', `there is no resource ${JSON.stringify(uri.slice(0, 200))}`, {
    hint: near.length > 0 ? `Did you mean ${near[0]}?` : `Resources: ${known.join(', ') || 'none'}.`,
  })
}

function toolContext(
  deps: CallDeps,
  caller: Caller,
  call: ToolCall,
  { backend, confirm }: { readonly backend: Backend; readonly confirm: ToolContext['confirm'] },
): ToolContext {
  return {
    backend,
    links: caller.links(),
    signal: call.signal,
    resultChars: deps.resultChars,
    onProgress: call.onProgress,
    confirm,
    readResource: async (uri) =>
      (await readResource(deps, caller, { requestId: call.requestId, signal: call.signal, uri })).text,
  }
}

const runtimeContext = (deps: CallDeps, caller: Caller, call: Pick<ToolCall, 'requestId' | 'signal'>) => ({
  environment: caller.environment,
  auth: caller.auth,
  metadata: { principal: caller.principal },
  requestId: call.requestId,
  signal: call.signal,
  log: deps.log,
})

const stackOf = (cause: unknown): string => (cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
