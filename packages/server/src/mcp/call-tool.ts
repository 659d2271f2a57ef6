// One tool call, from the arguments to the result. Every transport and the command line come through here.
import type { CallToolResult } from '@modelcontextprotocol/server'
import type { Backend, Progress } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import type { Log } from '../context/log.js'
import { LoggedName } from '../context/logged-name.js'
import { runInContext } from '../context/runtime-context.js'
import { callLine, type ObservedCall } from './call-line.js'
import type { Caller } from './caller.js'
import { viewOf } from './capabilities.js'
import { boundToArguments, ConfirmationNeeded } from './confirmation.js'
import type { ConfirmationQuestion, ToolContext } from './define-tool.js'
import { asQuiltError, errorResult } from './error.js'
import { type FoundResource, findResource, type Resources } from './find-resource.js'
import { parseInput } from './input.js'
import { toolResult } from './result.js'
import type { ListedTool } from './tool-definition.js'
import type { ToolRegistry } from './tool-registry.js'
import { explainedRefusal } from './workflow-refusal.js'

/** What all calls of a process share. */
export interface CallDeps extends Resources {
  readonly registry: ToolRegistry
  readonly log: Log
  /** Characters of text a result may take by default. */
  readonly resultChars: number
  /** Told of each tool call that ended. */
  observe?(call: ObservedCall): void
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
  const line = callLine(deps, caller, call)
  line.about({ tool: LoggedName.unknown })
  try {
    line.about({ tool: LoggedName.ofTool(deps.registry.find(call.name, caller.view).tool) })
    const backend = await caller.backend()
    line.about({ backend: backend.name })
    const { tool, inputSchema } = deps.registry.find(call.name, { ...caller.view, backend: viewOf(backend) })
    const input = parseInput(tool, inputSchema, call.args)
    const confirm = boundToArguments(call.confirm(tool.name), input)
    const context = toolContext(deps, caller, call, { backend, confirm })
    const output = await runInContext(runtimeContext(deps, caller, call), () => tool.run(context, input))
    const result = toolResult(tool, output, { resultChars: deps.resultChars, surface: caller.view.surface })
    line.write('tool call', 'ok')
    return result
  } catch (thrown) {
    if (thrown instanceof ConfirmationNeeded) {
      line.write('tool call', 'confirmation asked')
      throw thrown
    }
    const error = explainedRefusal(asQuiltError(thrown, call.signal), call.args)
    line.defect(error)
    line.write('tool call', error.code)
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

/** One reading of a resource as it came in. */
export type ResourceRequest = Pick<ToolCall, 'requestId' | 'signal'> & { readonly uri: string }

export interface ResourceText {
  readonly mimeType: string
  readonly text: string
}

/** Reads one of the resources for a caller. @throws {QuiltError} `not_found`, and what reading it throws */
export async function readResource(deps: CallDeps, caller: Caller, request: ResourceRequest): Promise<ResourceText> {
  const line = callLine(deps, caller, request)
  line.about({ resource: LoggedName.unknown })
  try {
    const resource = findResource(deps, request.uri)
    const { definition } = resource
    line.about({ resource: LoggedName.ofResource(definition) })
    const backend = await caller.backend()
    line.about({ backend: backend.name })
    const text = await textOf(deps, caller, request, { resource, backend })
    line.write('resource read', 'ok')
    return { mimeType: definition.mimeType, text }
  } catch (thrown) {
    const error = asQuiltError(thrown, request.signal)
    line.defect(error)
    line.write('resource read', error.code)
    caller.failed?.(error)
    throw error
  }
}

function textOf(
  deps: CallDeps,
  caller: Caller,
  request: ResourceRequest,
  { resource, backend }: { readonly resource: FoundResource; readonly backend: Backend },
): Promise<string> {
  return whileReading(deps, caller, request, backend, (context) => resource.read(context))
}

/** Does something that changes nothing, with the context of a call. */
export function whileReading<T>(
  deps: CallDeps,
  caller: Caller,
  request: Pick<ToolCall, 'requestId' | 'signal'>,
  backend: Backend,
  read: (context: ToolContext) => Promise<T>,
): Promise<T> {
  const call = { ...request, onProgress: () => {} }
  const context = toolContext(deps, caller, call, { backend, confirm: refuseToChange })
  return runInContext(runtimeContext(deps, caller, call), () => read(context))
}

const refuseToChange = (): Promise<void> =>
  Promise.reject(
    new QuiltError('forbidden', 'reading a resource changes nothing', { hint: 'Call a tool to change data.' }),
  )

function toolContext(
  deps: CallDeps,
  caller: Caller,
  call: Pick<ToolCall, 'requestId' | 'signal' | 'onProgress'>,
  { backend, confirm }: { readonly backend: Backend; readonly confirm: ToolContext['confirm'] },
): ToolContext {
  return {
    backend,
    workFolder: caller.workFolder,
    localFiles: caller.localFiles,
    links: caller.links(),
    signal: call.signal,
    resultChars: deps.resultChars,
    onProgress: call.onProgress,
    confirm,
    // Part of this call: it has no line of its own.
    readResource: async (uri) => textOf(deps, caller, { ...call, uri }, { resource: findResource(deps, uri), backend }),
  }
}

const runtimeContext = (deps: CallDeps, caller: Caller, call: Pick<ToolCall, 'requestId' | 'signal'>) => ({
  environment: caller.environment,
  auth: caller.auth,
  metadata: { ...caller.metadata, principal: caller.principal },
  requestId: call.requestId,
  signal: call.signal,
  log: deps.log,
})
