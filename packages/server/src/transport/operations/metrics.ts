// What an operator wants to know of a running server, as numbers. Label values come from closed sets; what is not of the set is
// counted as `other`: no client can make a series, and no name, address or token ever is one.
import { type ErrorCode, errorCodes } from '@quilt-mcp/core'
import type { ObservedCall } from '../../mcp/call-line.js'
import { processMetrics } from './process-metrics.js'
import { counter, gauge, histogram } from './prometheus.js'

export interface MetricsDeps {
  /** Names of the tools, as clients see them. */
  readonly tools: readonly string[]
  /** Requests that the server works on now. */
  requestsUnderWay(): number
  /** Backends that are open now. */
  backendsOpen(): number
}

export type AuthenticationOutcome = 'good' | 'refused' | 'forbidden' | 'unavailable'
export type RoleOutcome = 'assumed' | 'refused' | 'failed'
/** Which limit said no: the whole server's, a caller's, an address', that of questions to the registry. */
export type LimitName = 'server' | 'caller' | 'address' | 'questions'

export interface Metrics {
  toolCall(call: Omit<ObservedCall, 'outcome'> & { readonly outcome: string }): void
  answer(status: number): void
  authentication(outcome: AuthenticationOutcome): void
  roleAssumption(outcome: RoleOutcome): void
  rateLimited(limit: LimitName): void
  /** Who could verify a token did not do its part. Tool calls count their own failures of the registry, S3 and STS. */
  unverified(code: ErrorCode): void
  /** All of it in Prometheus' text format, version 0.0.4. */
  text(): string
  /** Ends the watch on the event loop. */
  close(): void
}

const backends: ReadonlySet<string> = new Set(['platform', 'session', 'iam', 'local', 'none'])
const outcomes: ReadonlySet<string> = new Set(['ok', 'confirmation asked', ...Object.keys(errorCodes)])
const upstreamCodes: ReadonlySet<string> = new Set<ErrorCode>(['upstream', 'partial', 'timeout', 'rate_limited'])
const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

const of = (set: ReadonlySet<string>, value: string): string => (set.has(value) ? value : 'other')

/** Counts from now on. */
export function createMetrics({ tools, requestsUnderWay, backendsOpen }: MetricsDeps): Metrics {
  const toolNames = new Set(tools)
  const calls = counter('quilt_mcp_tool_calls_total', 'Tool calls that ended.')
  const durations = histogram('quilt_mcp_tool_call_seconds', 'How long tool calls took.', durationBounds)
  const answers = counter('quilt_mcp_http_answers_total', 'HTTP answers, by status.')
  const authentications = counter('quilt_mcp_authentications_total', 'Tokens that were looked at.')
  const roles = counter('quilt_mcp_role_assumptions_total', 'AWS roles that were asked for.')
  const limited = counter('quilt_mcp_rate_limited_total', 'Requests that a limit refused.')
  const upstream = counter('quilt_mcp_upstream_errors_total', 'Failures of the registry, S3 or STS.')
  const own = processMetrics()
  const families = [
    calls,
    durations,
    answers,
    gauge('quilt_mcp_requests_under_way', 'Requests that are worked on.', () => [[{}, requestsUnderWay()]]),
    authentications,
    roles,
    limited,
    gauge('quilt_mcp_backends_open', 'Backends that are open, one a caller.', () => [[{}, backendsOpen()]]),
    upstream,
    ...own.families,
  ]
  return {
    toolCall({ tool, backend = 'none', outcome, ms }) {
      const name = of(toolNames, tool)
      calls.add({ tool: name, backend: of(backends, backend), outcome: of(outcomes, outcome).replace(' ', '_') })
      durations.observe({ tool: name }, ms / 1000)
      if (upstreamCodes.has(outcome)) upstream.add({ during: 'tool_call', code: outcome })
    },
    answer: (status) =>
      answers.add({ status: Number.isInteger(status) && status >= 100 && status < 600 ? `${status}` : 'other' }),
    authentication: (outcome) => authentications.add({ outcome }),
    roleAssumption: (outcome) => roles.add({ outcome }),
    rateLimited: (limit) => limited.add({ limit }),
    unverified: (code) => upstream.add({ during: 'authentication', code }),
    text: () => families.map((family) => family.text()).join(''),
    close: own.close,
  }
}
