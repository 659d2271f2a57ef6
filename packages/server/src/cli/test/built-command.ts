// The real bundled command for the tests of the command line, built once for a test file.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../../../..')

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface BuiltCommand {
  /** The folder of the bundle. */
  readonly folder: string
  /** Runs the command to its end. @param input what it reads from stdin */
  run(
    args: readonly string[],
    options?: { readonly env?: Record<string, string>; readonly input?: string },
  ): Promise<Ended>
  /** Starts the command and leaves it running. */
  start(args: readonly string[], env?: Record<string, string>): ChildProcess
  remove(): Promise<void>
}

/** Bundles the command into a folder of its own. It sees no settings of this process. */
export async function builtCommand(): Promise<BuiltCommand> {
  // Inside the workspace, so that packages outside of the bundle are found.
  const folder = await mkdtemp(join(root, 'node_modules', '.quilt-mcp-test-'))
  await run(process.execPath, [join(root, 'scripts/build.mjs'), '--outdir', folder])
  const start = (args: readonly string[], env: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [join(folder, 'cli.js'), ...args], {
      env: { PATH: process.env.PATH ?? '', HOME: tmpdir(), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  return {
    folder,
    start,
    run: (args, { env, input = '' } = {}) =>
      new Promise((resolve, reject) => {
        const child = start(args, env)
        let [stdout, stderr] = ['', '']
        child.stdout?.on('data', (chunk) => (stdout += chunk))
        child.stderr?.on('data', (chunk) => (stderr += chunk))
        child.once('error', reject)
        child.once('close', (code) => resolve({ code, stdout, stderr }))
        child.stdin?.end(input)
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
