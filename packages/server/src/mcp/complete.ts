// Completions for the variables of resource templates: what a value may be, as the caller sees it.
import { QuiltError } from '@quilt-mcp/core'
import { LoggedName } from '../context/logged-name.js'
import { callLine } from './call-line.js'
import { type CallDeps, type ToolCall, whileReading } from './call-tool.js'
import type { Caller } from './caller.js'
import type { Completions } from './define-resource.js'
import { asQuiltError } from './error.js'

/** One question for completions as it came in. */
export interface CompletionRequest extends Pick<ToolCall, 'requestId' | 'signal'> {
  readonly uriTemplate: string
  readonly variable: string
  readonly typed: string
  /** Values of other variables, as far as the client says. */
  readonly others: Readonly<Record<string, string>>
}

/** Values that one answer may hold (a limit of MCP). */
const mostValues = 100

const nothing: Completions = { values: [], hasMore: false }

/** Completes a variable for a caller. What the caller may not see, or is not there, has no completions.
 * @throws {QuiltError} `not_found` when there is no such template, or it has no such variable; what asking throws */
export async function complete(deps: CallDeps, caller: Caller, request: CompletionRequest): Promise<Completions> {
  const line = callLine(deps, caller, request)
  line.about({ resource: LoggedName.unknown })
  try {
    const template = deps.templates.find(({ uriTemplate }) => uriTemplate === request.uriTemplate)
    if (template) line.about({ resource: LoggedName.ofResource(template) })
    const completer = Object.entries(template?.complete ?? {}).find(([name]) => name === request.variable)?.[1]
    if (completer === undefined) throw noSuchVariable(deps)
    const backend = await caller.backend()
    line.about({ backend: backend.name })
    const found = await whileReading(deps, caller, request, backend, (context) =>
      unlessHidden(completer(context, request.typed, request.others)),
    )
    line.write('completion', 'ok')
    return {
      ...found,
      values: found.values.slice(0, mostValues),
      hasMore: found.hasMore || found.values.length > mostValues,
    }
  } catch (thrown) {
    const error = asQuiltError(thrown, request.signal)
    line.defect(error)
    line.write('completion', error.code)
    caller.failed?.(error)
    throw error
  }
}

/** A half-typed bucket is not there: nothing is wrong then, and there is nothing to offer. */
async function unlessHidden(asked: Promise<Completions>): Promise<Completions> {
  try {
    return await asked
  } catch (error) {
    const isHidden = error instanceof QuiltError && ['not_found', 'forbidden', 'invalid_input'].includes(error.code)
    if (!isHidden) throw error
    return nothing
  }
}

const noSuchVariable = ({ templates }: CallDeps): QuiltError =>
  new QuiltError('not_found', 'there is no such resource template, or no such variable in it', {
    hint: `Templates: ${templates.map(({ uriTemplate }) => uriTemplate).join(', ')}.`,
  })
