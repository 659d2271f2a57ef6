// One load on one server, by wrk: a process of its own that costs little beside what it measures.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

const script = join(import.meta.dirname, 'post.lua')
const tickMs = 10

/** CPU time of a process so far, from the kernel. Unlike requests a second it does not tell what else the machine did. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** Waits until the processes have nothing left to do: a slow server still works at what the last load asked. */
export async function rest(pids) {
  for (let busy = true; busy; ) {
    const before = pids.map(cpuMs)
    await delay(200)
    busy = pids.some((pid, index) => cpuMs(pid) - before[index] > 2 * tickMs)
  }
}

/** Sends one request again and again over `connections`, for `seconds`.
 * @returns {Promise<{requests: number, perSecond: number, p50: number, p99: number, cpuMs: number, bytes: number}>} latencies in ms, CPU of the server
 *   and bytes of an answer for each request
 * @throws when an answer is no 2xx, or a connection breaks */
export async function load({ url, pid }, { headers, body }, { seconds, connections }) {
  const before = cpuMs(pid)
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, url]
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const env = { PATH: process.env.PATH, BENCH_BODY: body, BENCH_HEADERS: lines.join('\n') }
  const child = spawn('wrk', args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [out] = await Promise.all([text(child.stdout), once(child, 'close')])
  const cpu = cpuMs(pid) - before
  const found = JSON.parse(out.trim().split('\n').at(-1))
  if (found.refused > 0 || found.broken > 0) {
    throw new Error(`of ${found.requests} requests ${found.refused} were refused and ${found.broken} broken`)
  }
  return {
    requests: found.requests,
    perSecond: found.requests / found.seconds,
    p50: found.p50,
    p99: found.p99,
    cpuMs: cpu / found.requests,
    bytes: found.bytes / found.requests,
  }
}
