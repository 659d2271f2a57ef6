// Programs in processes of their own: what one process cannot show is tested with two, and with one that is killed.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'

/** Bundles a program of this folder for plain node. @param folder where to @returns its path */
export async function bundled(name: string, folder: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`)
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['quilt-mcp-source'],
    // undici is CommonJS, which asks for node's modules by `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
  return outfile
}

export interface Ended {
  /** What it wrote to stdout, line by line. */
  readonly lines: readonly string[]
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Runs a program to its end. @param killAfter kill it (SIGKILL) right after so many lines */
export async function run(argv: readonly string[], { killAfter = 0 } = {}): Promise<Ended> {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  )
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (lines.length === killAfter) child.kill('SIGKILL')
  }
  return { lines, ...(await closed) }
}
