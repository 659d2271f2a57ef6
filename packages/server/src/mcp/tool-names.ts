// All names under which tools answer: their own, those of the hosted server, and aliases.
import type { AnyTool, ToolAlias } from './define-tool.js'
import { wordsFor } from './surface.js'
import { aliasName } from './tool-alias.js'

/** What a name stands for. */
export interface NamedTool {
  readonly tool: AnyTool
  /** Present when the name brings arguments of its own. */
  readonly alias?: ToolAlias
}

/** The tools by each of their names. @throws {Error} when two tools claim one name */
export function toolsByName(tools: readonly AnyTool[]): ReadonlyMap<string, NamedTool> {
  const byName = new Map<string, NamedTool>()
  for (const tool of tools) {
    for (const one of new Set([tool.name, wordsFor('hosted', tool.name), ...(tool.aliases ?? [])])) {
      const name = aliasName(one)
      const other = byName.get(name)?.tool
      if (other) throw new Error(`the tools ${other.name} and ${tool.name} both claim the name ${name}`)
      byName.set(name, { tool, ...(typeof one !== 'string' && { alias: one }) })
    }
  }
  return byName
}
