// Runs around the whole test run: makes the folder of its logs, and in the end fails the run when a secret or a user's datum is in one.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leaksIn, plantedIn } from './canaries.js'
import { useRunFolder } from './logs.js'

/** Called by vitest before the first test. @returns what it calls after the last */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'quilt-e2e-logs-'))
  useRunFolder(folder)
  return () => {
    const found = leaksInFolder(folder)
    if (found.length === 0) {
      rmSync(folder, { recursive: true, force: true })
      return
    }
    // vitest reports what a teardown throws, but does not fail for it.
    process.exitCode = 1
    throw new Error(`secrets or users' data are in the logs of this run:\n${found.join('\n')}`)
  }
}

/** `<file>:<line>: <what>` of each leak in the logs of a run. */
export function leaksInFolder(folder: string): readonly string[] {
  const canaries = plantedIn(folder)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) =>
      leaksIn(readFileSync(join(folder, name), 'utf8'), canaries).map(
        ({ what, line }) => `${join(folder, name)}:${line}: ${what}`,
      ),
    )
}
