// How this very command is called again: what client configurations and examples are printed with.
import { basename } from 'node:path'

/** `['quilt-mcp']` where it was called by that name, which is then on the PATH; else Node and the file. */
export function thisCommand(): readonly [program: string, ...args: string[]] {
  const script = process.argv[1]
  return script === undefined || basename(script) === 'quilt-mcp' ? ['quilt-mcp'] : ['node', script]
}
