// All names under which tools answer: their own, those of the hosted server, and aliases.
import type { AnyTool } from './define-tool.js'
import { wordsFor } from './surface.js'

/** The tools by each of their names. @throws {Error} when two tools claim one name */
export function toolsByName(tools: readonly AnyTool[]): ReadonlyMap<string, AnyTool> {
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
