// How the server's process fares meanwhile: whether it answers, how fast, how large it is.
import { readFile } from 'node:fs/promises'
import { setTimeout as after } from 'node:timers/promises'

export interface Vitals {
  /** Longest wait for /healthz so far, in milliseconds. */
  readonly slowestMs: number
  /** Answers of /healthz that were not 200, or did not come. */
  readonly missed: number
}

export interface VitalsWatch {
  now(): Vitals
  stop(): Promise<Vitals>
}

/** Asks for /healthz every 50 ms, on connections beside those of the campaign. */
export function watchVitals(origin: string): VitalsWatch {
  let slowestMs = 0
  let missed = 0
  let stopped = false
  const watching = (async () => {
    while (!stopped) {
      const asked = performance.now()
      const answer = await fetch(`${origin}/healthz`, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined)
      await answer?.arrayBuffer()
      if (answer?.status !== 200) missed++
      slowestMs = Math.max(slowestMs, performance.now() - asked)
      await after(50)
    }
  })()
  const now = (): Vitals => ({ slowestMs: Math.round(slowestMs), missed })
  return {
    now,
    async stop() {
      stopped = true
      await watching
      return now()
    },
  }
}

/** Memory of a process in MiB, where /proc tells; undefined elsewhere. */
export async function residentMiB(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1]
  return kib === undefined ? undefined : Math.round(Number(kib) / 1024)
}
