// What /healthz, /readyz and /metrics answer: plain values, for the main port and for a port of their own.
import { errorBody } from '../../mcp/error.js'
import type { Metrics } from './metrics.js'
import type { Readiness } from './readiness.js'

export interface OperationsDeps {
  readonly readiness: Readiness
  /** Absent: there is no /metrics. */
  readonly metrics?: Pick<Metrics, 'text'> | undefined
}

export interface PlainAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const json = (status: number, value: unknown): PlainAnswer => ({
  status,
  headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
  body: JSON.stringify(value),
})

/** The answer to a GET. /healthz asks nobody: a process that can say it is alive is. /readyz is 503 with the reason when the registry
 * cannot be reached or the server is being stopped.
 * @param path without its query
 * @returns undefined when the path is another */
export async function operationsAnswer(path: string, deps: OperationsDeps): Promise<PlainAnswer | undefined> {
  if (path === '/healthz') return json(200, { status: 'ok' })
  if (path === '/readyz') {
    const problem = await deps.readiness.check()
    return problem === undefined ? json(200, { status: 'ready' }) : json(503, { error: errorBody(problem) })
  }
  if (path === '/metrics' && deps.metrics) {
    const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', 'Cache-Control': 'no-store' }
    return { status: 200, headers, body: deps.metrics.text() }
  }
  return undefined
}
