// A program of its own process that is killed in the midst of its work.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { expect } from 'vitest'

/** Bundles a TypeScript file into a program for plain node. @param program where to, ending in `.mjs` */
export async function buildProgram(source: string, program: string): Promise<void> {
  await build({
    entryPoints: [source],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    conditions: ['quilt-mcp-source'],
    plugins: [
      {
        name: 'libsql stays where it is',
        setup: (b) =>
          void b.onResolve({ filter: /^libsql$/ }, () => ({ path: import.meta.resolve('libsql'), external: true })),
      },
    ],
  })
}

/** Runs a program and kills it right after so many lines.
 * @param onLine told every line, also those that come between the kill and the end */
export async function runUntilKilled(
  argv: readonly [program: string, ...args: string[]],
  { lines, onLine }: { readonly lines: number; readonly onLine: (line: string) => void },
): Promise<void> {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let left = lines
  for await (const line of createInterface(child.stdout)) {
    onLine(line)
    left -= 1
    if (left === 0) child.kill('SIGKILL')
  }
  await ended
  expect(child.signalCode).toBe('SIGKILL')
}
