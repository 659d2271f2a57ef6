// What the process itself is like, under the names that dashboards for Node know.
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { type Family, gauge } from './prometheus.js'

export interface ProcessMetrics {
  readonly families: readonly Family[]
  /** Stops watching the event loop. */
  close(): void
}

const resolutionMs = 10

/** Memory, processor time and event loop of this process. The lag is that of the time since it was last asked for. */
export function processMetrics(): ProcessMetrics {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  const started = Date.now() / 1000 - process.uptime()
  const families = [
    gauge('process_resident_memory_bytes', 'Memory of the process.', () => [[{}, process.memoryUsage.rss()]]),
    gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use.', () => [[{}, process.memoryUsage().heapUsed]]),
    gauge(
      'process_cpu_seconds_total',
      'Processor time of the process.',
      () => [[{}, (process.cpuUsage().user + process.cpuUsage().system) / 1e6]],
      'counter',
    ),
    gauge('process_start_time_seconds', 'When the process started, Unix time.', () => [[{}, started]]),
    gauge('quilt_mcp_event_loop_lag_seconds', 'Lag of the event loop since the last scrape.', () => lagOf(delay)),
  ]
  return { families, close: () => delay.disable() }
}

/** Node's histogram has the whole interval between two looks: what is above the resolution is lag. */
function lagOf(delay: IntervalHistogram): readonly (readonly [{ readonly quantile: string }, number])[] {
  const seconds = (ns: number): number => Math.max(0, (Number.isFinite(ns) ? ns : 0) / 1e9 - resolutionMs / 1000)
  const lag = [
    [{ quantile: '0.5' }, seconds(delay.percentile(50))],
    [{ quantile: '0.99' }, seconds(delay.percentile(99))],
    [{ quantile: '1' }, seconds(delay.max)],
  ] as const
  delay.reset()
  return lag
}
