// Which tools there are for a caller, under which names. The only place where tools are filtered.
import { QuiltError } from '@quilt-mcp/core'
import { type BackendView, lacks } from './capabilities.js'
import type { AnyTool } from './define-tool.js'
import { nearMatches } from './near-match.js'
import { type Surface, wordsFor } from './surface.js'
import { inputSchemaOf, type JsonSchema, type ListedTool, listedTool } from './tool-definition.js'

/** What decides which tools a caller sees. */
export interface ToolView {
  readonly surface: Surface
  /** Hide every tool that changes something. */
  readonly readOnly: boolean
  /** The caller's backend. Absent: not known, or nobody is signed in; every tool is listed and says what is missing. */
  readonly backend?: BackendView | undefined
}

export interface ToolRegistry {
  /** The tools a caller sees, sorted by name. Computed once for each view. */
  list(view: ToolView): readonly ListedTool[]
  /** The tool of this name, in either surface's names or an alias.
   * @throws {QuiltError} `not_found`; `forbidden` in read-only mode; `unsupported` when the backend cannot */
  find(name: string, view: ToolView): FoundTool
}

interface FoundTool {
  readonly tool: AnyTool
  /** JSON Schema of its arguments. */
  readonly inputSchema: JsonSchema
}

/** Makes the registry of a set of tools. @throws {Error} when two tools claim one name */
export function createToolRegistry(tools: readonly AnyTool[]): ToolRegistry {
  const byName = namesOf(tools)
  const lists = new Map<string, readonly ListedTool[]>()
  const schemas = new Map<string, JsonSchema>()

  const schemaOf = (tool: AnyTool): JsonSchema => {
    const known = schemas.get(tool.name)
    if (known) return known
    const schema = inputSchemaOf(tool)
    schemas.set(tool.name, schema)
    return schema
  }

  return {
    list(view) {
      const key = `${view.surface} ${view.readOnly} ${view.backend ? [...view.backend.capabilities].sort().join() : '*'}`
      const known = lists.get(key)
      if (known) return known
      const list = tools
        .filter((tool) => refusal(tool, view) === undefined)
        .map((tool) => listedTool(tool, view.surface))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
      lists.set(key, list)
      return list
    },
    find(name, view) {
      const tool = byName.get(name)
      if (!tool) throw unknownTool(name, tools, view)
      const refused = refusal(tool, view)
      if (refused) throw refused
      return { tool, inputSchema: schemaOf(tool) }
    },
  }
}

function namesOf(tools: readonly AnyTool[]): ReadonlyMap<string, AnyTool> {
  const byName = new Map<string, AnyTool>()
  for (const tool of tools) {
    for (const name of new Set([tool.name, wordsFor('hosted', tool.name), ...(tool.aliases ?? [])])) {
      const other = byName.get(name)
      if (other) throw new Error(`the tools ${other.name} and ${tool.name} both claim the name ${name}`)
      byName.set(name, tool)
    }
  }
  return byName
}

/** The filter pipeline: read-only mode, then the backend's capabilities. Undefined: the caller may use the tool. */
function refusal(tool: AnyTool, view: ToolView): QuiltError | undefined {
  if (view.readOnly && tool.access !== 'read') {
    return new QuiltError('forbidden', `${tool.name} changes data, and this server is read-only`, {
      hint: 'Start the server without --read-only (QUILT_MCP_READ_ONLY) to change data.',
    })
  }
  const { backend } = view
  if (backend === undefined) return undefined
  const missing = tool.needs.filter((capability) => !backend.capabilities.has(capability))
  return missing.length === 0 ? undefined : lacks(tool.name, missing, backend)
}

function unknownTool(name: string, tools: readonly AnyTool[], view: ToolView): QuiltError {
  const listed = tools
    .filter((tool) => refusal(tool, view) === undefined)
    .map((tool) => wordsFor(view.surface, tool.name))
  const near = nearMatches(name, listed)
  return new QuiltError('not_found', `there is no tool named ${JSON.stringify(name.slice(0, 100))}`, {
    hint:
      near.length > 0 ? `Did you mean ${near.join(' or ')}? tools/list names them all.` : 'tools/list names all tools.',
    ...(near.length > 0 && { nextTools: near }),
  })
}
