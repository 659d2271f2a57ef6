// Older tools' names: callable, not listed, where they took other arguments than the tool that stands in their place.
import type { AnyTool, ToolAlias } from './define-tool.js'

/** The name of an alias, with or without arguments of its own. */
export const aliasName = (alias: string | ToolAlias): string => (typeof alias === 'string' ? alias : alias.name)

/** A tool as an alias of it is called: with the arguments of the alias, and otherwise the tool, whose name it keeps. */
export function asAlias(tool: AnyTool, alias: ToolAlias): AnyTool {
  const { name, title, toolset, access, needs, description, output, examples } = tool
  const facts = { name, title, toolset, access, needs, description, output, examples }
  return {
    ...facts,
    input: alias.input,
    run: (context, args) => tool.run(context, tool.input.parse(alias.adapt(args))),
  }
}
