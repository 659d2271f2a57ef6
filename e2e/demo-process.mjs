// The demo as its users run it: the built command in a process of its own, on free ports, with a data folder of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const cli = join(import.meta.dirname, '../packages/server/dist/cli.js')

/** Starts the demo and waits until it says where it is.
 * @param {{ dataDir?: string, args?: readonly string[] }} [options] `dataDir`: kept by `stop`; absent: a fresh one that `stop` removes
 * @returns what `quilt-mcp demo --json` printed, its `pid`, and `stop` */
export async function startDemo({ dataDir, args = [] } = {}) {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'quilt-demo-'))
  const child = spawn(process.execPath, [cli, 'demo', '--json', '--data-dir', folder, '--port', '0', ...args], {
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (text) => {
    complaints = (complaints + text).slice(-4000)
  })
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'exit')
  const first = await Promise.race([once(lines, 'line'), ended.then(() => undefined)])
  if (!first) throw new Error(`the demo ended before it was up: ${complaints}`)
  return {
    ...JSON.parse(first[0]),
    dataDir: folder,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM')
      await ended
      if (!dataDir) rmSync(folder, { recursive: true, force: true })
    },
  }
}
