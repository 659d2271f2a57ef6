// A server on stdio with a user of its own, and every byte that it writes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { keepLog } from '../../e2e/logs.js'
import { cli } from '../../e2e/world.js'
import type { Call } from './calls.js'
import type { Exchanged } from './exchange.js'
import { messageOf } from './message.js'

export interface StdioClient {
  exchange(call: Call): Promise<Exchanged>
  /** All that it wrote to stderr so far. */
  log(): string
  stop(): Promise<void>
}

const era = '2026-07-28'

/** Starts `quilt-mcp` in a process of its own. Its messages look like complete answers of HTTP, with status 200. */
export function startStdio(env: Readonly<Record<string, string>>): StdioClient {
  const child = spawn(process.execPath, [cli], { env, stdio: 'pipe' })
  const log = keepLog(child.stderr)
  const waiting = new Map<number, (exchanged: Exchanged) => void>()
  const ended = once(child, 'exit').then(() => {
    for (const answer of waiting.values()) answer({ status: 0, head: '', body: '', ended: 'broken' })
  })
  let last = 0
  let unasked = ''
  createInterface({ input: child.stdout }).on('line', (line) => {
    const id = Number(/"id":(\d+)/.exec(line)?.[1])
    const answer = waiting.get(id)
    waiting.delete(id)
    // What nobody asked for is looked at with the next answer.
    if (answer === undefined) unasked += `${line}\n`
    else {
      answer({ status: 200, head: unasked, body: line, ended: 'complete' })
      unasked = ''
    }
  })
  return {
    exchange(call) {
      const id = ++last
      return new Promise((resolve) => {
        waiting.set(id, resolve)
        child.stdin.write(`${JSON.stringify(messageOf(call, era, id))}\n`)
      })
    },
    log,
    async stop() {
      child.stdin.end()
      child.kill('SIGTERM')
      await ended
    },
  }
}
