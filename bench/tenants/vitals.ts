// What the server's process holds when nobody asks it anything: memory, files and sockets, backends, requests.
import { readdir } from 'node:fs/promises'
import { setTimeout as after } from 'node:timers/promises'
import { residentMiB } from '../../e2e/fuzz/vitals.js'

export interface Vitals {
  /** Undefined where /proc does not tell. */
  readonly rssMiB: number | undefined
  readonly openFiles: number | undefined
  readonly heapMiB: number
  readonly backendsOpen: number
  readonly requestsUnderWay: number
}

const mostLooks = 30

/** The vitals at rest: looks each second until memory and open files have stopped falling and no request is under way, for half a minute
 * at most.
 * @param quietSeconds for which nothing may have fallen */
export async function vitalsAtRest(pid: number, metricsUrl: string, quietSeconds: number): Promise<Vitals> {
  let last = await vitalsOf(pid, metricsUrl)
  let quiet = 0
  for (let look = 0; look < mostLooks && quiet < quietSeconds; look++) {
    await after(1000)
    const now = await vitalsOf(pid, metricsUrl)
    const isFalling = less(now.rssMiB, last.rssMiB) || less(now.openFiles, last.openFiles) || now.requestsUnderWay > 0
    quiet = isFalling ? 0 : quiet + 1
    last = now
  }
  return last
}

const less = (one = 0, other = 0): boolean => one < other

async function vitalsOf(pid: number, metricsUrl: string): Promise<Vitals> {
  const metrics = await (await fetch(metricsUrl)).text()
  const gauge = (name: string): number => {
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]
    if (value === undefined) throw new Error(`the metrics do not tell ${name}`)
    return Number(value)
  }
  const files = await readdir(`/proc/${pid}/fd`).catch(() => undefined)
  return {
    rssMiB: await residentMiB(pid),
    openFiles: files?.length,
    heapMiB: Math.round(gauge('nodejs_heap_size_used_bytes') / 2 ** 20),
    backendsOpen: gauge('quilt_mcp_backends_open'),
    requestsUnderWay: gauge('quilt_mcp_requests_under_way'),
  }
}
