// Lists of toolsets and tools, as settings, paths and headers give them: every name must be known.
import { nearNames, QuiltError } from '@quilt-mcp/core'
import type { AnyTool } from '../define-tool.js'
import { toolsByName } from '../tool-names.js'
import type { Narrowing } from './narrowing.js'

/** What a narrowing may name. */
export interface KnownNames {
  readonly toolsets: ReadonlySet<string>
  /** Every name under which a tool answers, to its own. */
  readonly tools: ReadonlyMap<string, string>
}

/** The names of a set of tools. */
export const knownNames = (tools: readonly AnyTool[]): KnownNames => ({
  toolsets: new Set(tools.map(({ toolset }) => toolset).sort()),
  tools: new Map([...toolsByName(tools)].map(([name, { tool }]) => [name, tool.name])),
})

/** The settings of a server as its narrowing: a list without members was not set, and leaves everything.
 * @throws {QuiltError} `invalid_input` for a name that is not known */
export function serverNarrowing(
  settings: {
    readonly readOnly: boolean
    readonly toolsets?: readonly string[]
    readonly tools?: readonly string[]
  },
  known: KnownNames,
): Narrowing {
  const { readOnly, toolsets = [], tools = [] } = settings
  return {
    readOnly,
    ...(toolsets.length > 0 && { toolsets: toolsetsNamed(toolsets, known, 'the setting toolsets') }),
    ...(tools.length > 0 && { tools: toolsNamed(tools, known, 'the setting tools') }),
  }
}

/** @param from where the names were given, for the message
 * @throws {QuiltError} `invalid_input` for a toolset that there is not */
export function toolsetsNamed(names: readonly string[], { toolsets }: KnownNames, from: string): ReadonlySet<string> {
  const unknown = names.find((name) => !toolsets.has(name))
  if (unknown === undefined) return new Set(names)
  throw new QuiltError('invalid_input', `${from} names ${shown(unknown)}, which is no toolset`, {
    hint: `Toolsets: ${[...toolsets].join(', ')}.`,
    details: { from, unknown: unknown.slice(0, mostShown), known: [...toolsets] },
  })
}

/** The tools' own names, however they were named.
 * @throws {QuiltError} `invalid_input` for a tool that there is not */
export function toolsNamed(names: readonly string[], { tools }: KnownNames, from: string): ReadonlySet<string> {
  const own = new Set<string>()
  for (const name of names) {
    const tool = tools.get(name)
    if (tool === undefined) throw unknownTool(name, [...new Set(tools.values())].sort(), from)
    own.add(tool)
  }
  return own
}

const mostShown = 60
const shown = (text: string): string => JSON.stringify(text.slice(0, mostShown))

function unknownTool(name: string, known: readonly string[], from: string): QuiltError {
  const near = nearNames(name, known, 3)
  return new QuiltError('invalid_input', `${from} names ${shown(name)}, which is no tool`, {
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Tools: ${known.join(', ')}.`,
    details: { from, unknown: name.slice(0, mostShown), known },
  })
}
