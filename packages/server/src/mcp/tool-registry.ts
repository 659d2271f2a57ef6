// Which tools there are for a caller, under which names. The only place where tools are filtered.
import { nearNames, QuiltError } from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'
import { type BackendView, lacks } from './capabilities.js'
import type { AnyTool } from './define-tool.js'
import { bucketBinder } from './narrowing/bucket-bound-tool.js'
import { leftOut } from './narrowing/left-out.js'
import { type KnownNames, knownNames } from './narrowing/named-lists.js'
import { type Narrowing, narrowest, unnarrowed } from './narrowing/narrowing.js'
import { type Surface, wordsFor } from './surface.js'
import { asAlias } from './tool-alias.js'
import { inputSchemaOf, type JsonSchema, type ListedTool, listedTool } from './tool-definition.js'
import { toolsByName } from './tool-names.js'

/** What decides which tools a caller sees. As a narrowing it is that of the server's settings. */
export interface ToolView extends Narrowing {
  readonly surface: Surface
  /** What the request leaves of it. Absent: everything. */
  readonly narrowing?: Narrowing | undefined
  /** The caller's backend. Absent: not known, or nobody is signed in; every tool is listed and says what is missing. */
  readonly backend?: BackendView | undefined
}

export interface ToolRegistry {
  /** What narrowings may name. */
  readonly known: KnownNames
  /** The tools a caller sees, sorted by name. Kept for the views that were asked for last. */
  list(view: ToolView): readonly ListedTool[]
  /** The tool of this name, in either surface's names or an alias.
   * @throws {QuiltError} `not_found`; `forbidden` when server or request leave it out; `unsupported` when the backend cannot */
  find(name: string, view: ToolView): FoundTool
}

interface FoundTool {
  readonly tool: AnyTool
  /** JSON Schema of its arguments. */
  readonly inputSchema: JsonSchema
}

/** Clients choose their narrowings: as many lists are kept as any deployment has kinds of clients. */
const mostLists = 256

/** Makes the registry of a set of tools. @throws {Error} when two tools claim one name */
export function createToolRegistry(tools: readonly AnyTool[]): ToolRegistry {
  const byName = toolsByName(tools)
  const lists = new LRUCache<string, readonly ListedTool[]>({ max: mostLists })
  // Not more than tools, twice over: of a tool that is bound to a bucket, the bucket does not show.
  const listed = onceEach<ListedTool>()
  const schemas = onceEach<JsonSchema>()
  const binders = onceEach<ReturnType<typeof bucketBinder>>()
  const boundTo = ({ buckets }: Narrowing, tool: AnyTool): AnyTool =>
    buckets === undefined ? tool : binders(tool.name, () => bucketBinder(tool))(buckets)

  return {
    known: knownNames(tools),
    list(view) {
      const narrowing = narrowest(view, view.narrowing ?? unnarrowed)
      const key = keyOf(view, narrowing)
      const known = lists.get(key)
      if (known) return known
      const list = tools
        .filter((tool) => refusal(tool, view) === undefined)
        .map((tool) => boundTo(narrowing, tool))
        .map((tool) =>
          listed(`${view.surface} ${isFixed(narrowing)} ${tool.name}`, () => listedTool(tool, view.surface)),
        )
        .sort((a, b) => (a.name < b.name ? -1 : 1))
      lists.set(key, list)
      return list
    },
    find(name, view) {
      const found = byName.get(name)
      if (!found) throw unknownTool(name, tools, view)
      const refused = refusal(found.tool, view)
      if (refused) throw refused
      const narrowing = narrowest(view, view.narrowing ?? unnarrowed)
      const bound = boundTo(narrowing, found.tool)
      if (found.alias === undefined) {
        return { tool: bound, inputSchema: schemas(`${isFixed(narrowing)} ${bound.name}`, () => inputSchemaOf(bound)) }
      }
      const tool = asAlias(bound, found.alias)
      return { tool, inputSchema: schemas(`alias ${found.alias.name}`, () => inputSchemaOf(tool)) }
    },
  }
}

const isFixed = ({ buckets }: Narrowing): boolean => buckets?.size === 1

/** Two views of one key see the same list. */
function keyOf({ surface, backend }: ToolView, narrowing: Narrowing): string {
  const { readOnly, toolsets, tools } = narrowing
  const sets = [toolsets, tools, backend?.capabilities].map((set) => (set === undefined ? '*' : [...set].sort().join()))
  return [surface, readOnly, isFixed(narrowing), ...sets].join(' ')
}

/** Makes a thing once for each key. */
function onceEach<Made>(): (key: string, make: () => Made) => Made {
  const kept = new Map<string, Made>()
  return (key, make) => {
    const known = kept.get(key)
    if (known !== undefined) return known
    const made = make()
    kept.set(key, made)
    return made
  }
}

/** The filter pipeline: the server's settings, the request, then the backend's capabilities. Undefined: the caller may use it. */
function refusal(tool: AnyTool, view: ToolView): QuiltError | undefined {
  const refused = leftOut(tool, view, 'server') ?? leftOut(tool, view.narrowing ?? unnarrowed, 'request')
  if (refused) return refused
  const { backend } = view
  if (backend === undefined) return undefined
  const missing = tool.needs.filter((capability) => !backend.capabilities.has(capability))
  return missing.length === 0 ? undefined : lacks(tool.name, missing, backend)
}

function unknownTool(name: string, tools: readonly AnyTool[], view: ToolView): QuiltError {
  const listed = tools
    .filter((tool) => refusal(tool, view) === undefined)
    .map((tool) => wordsFor(view.surface, tool.name))
  const near = nearNames(name, listed, 3)
  return new QuiltError('not_found', `there is no tool named ${JSON.stringify(name.slice(0, 100))}`, {
    hint:
      near.length > 0 ? `Did you mean ${near.join(' or ')}? tools/list names them all.` : 'tools/list names all tools.',
    ...(near.length > 0 && { nextTools: near }),
  })
}
