import { afterEach, describe, expect, it } from 'vitest'
import { createMetrics, type Metrics } from './metrics.js'
import { counter, histogram } from './prometheus.js'

let metrics: Metrics
const create = () => {
  metrics = createMetrics({ tools: ['package_list', 'object_read'], requestsUnderWay: () => 3, backendsOpen: () => 2 })
  return metrics
}
afterEach(() => metrics?.close())
/** The lines of a family, comments left out. */
const lines = (name: string) =>
  metrics
    .text()
    .split('\n')
    .filter((line) => line.startsWith(name))

describe('metrics', () => {
  it('count tool calls by tool, backend and outcome', () => {
    const { toolCall } = create()
    for (const outcome of ['ok', 'ok', 'not_found', 'confirmation asked']) {
      toolCall({ tool: 'package_list', backend: 'platform', outcome, ms: 20 })
    }
    expect(lines('quilt_mcp_tool_calls_total')).toEqual([
      'quilt_mcp_tool_calls_total{tool="package_list",backend="platform",outcome="ok"} 2',
      'quilt_mcp_tool_calls_total{tool="package_list",backend="platform",outcome="not_found"} 1',
      'quilt_mcp_tool_calls_total{tool="package_list",backend="platform",outcome="confirmation_asked"} 1',
    ])
  })

  it('spread durations over buckets that add up', () => {
    const { toolCall } = create()
    for (const ms of [1, 5, 70, 999_999]) toolCall({ tool: 'object_read', outcome: 'ok', ms })
    const name = 'quilt_mcp_tool_call_seconds'
    expect(lines(name).filter((line) => /le="(0.005|0.05|0.1|300|\+Inf)"|count|sum/.test(line))).toEqual([
      `${name}_bucket{tool="object_read",le="0.005"} 2`,
      `${name}_bucket{tool="object_read",le="0.05"} 2`,
      `${name}_bucket{tool="object_read",le="0.1"} 3`,
      `${name}_bucket{tool="object_read",le="300"} 3`,
      `${name}_bucket{tool="object_read",le="+Inf"} 4`,
      `${name}_sum{tool="object_read"} 1000.075`,
      `${name}_count{tool="object_read"} 4`,
    ])
  })

  it('count what limits, tokens, roles and upstream did', () => {
    create()
    metrics.answer(429)
    metrics.authentication('refused')
    metrics.roleAssumption('assumed')
    metrics.rateLimited('caller')
    metrics.unverified('timeout')
    metrics.toolCall({ tool: 'object_read', backend: 'platform', outcome: 'upstream', ms: 1 })
    expect(lines('quilt_mcp_').filter((line) => !/tool_call|lag/.test(line) || line.includes('during'))).toEqual([
      'quilt_mcp_http_answers_total{status="429"} 1',
      'quilt_mcp_requests_under_way 3',
      'quilt_mcp_authentications_total{outcome="refused"} 1',
      'quilt_mcp_role_assumptions_total{outcome="assumed"} 1',
      'quilt_mcp_rate_limited_total{limit="caller"} 1',
      'quilt_mcp_backends_open 2',
      'quilt_mcp_upstream_errors_total{during="authentication",code="timeout"} 1',
      'quilt_mcp_upstream_errors_total{during="tool_call",code="upstream"} 1',
    ])
  })

  it('hold no text that a client chose, and grow no series by it', () => {
    const { toolCall, answer } = create()
    for (let call = 0; call < 1000; call++) {
      toolCall({ tool: `canary-${call}`, backend: `canary-${call}`, outcome: `canary-${call}`, ms: 1 })
      answer(1000 + call)
    }
    expect(lines('quilt_mcp_tool_calls_total')).toEqual([
      'quilt_mcp_tool_calls_total{tool="other",backend="other",outcome="other"} 1000',
    ])
    expect(lines('quilt_mcp_http_answers_total')).toEqual(['quilt_mcp_http_answers_total{status="other"} 1000'])
    expect(metrics.text()).not.toContain('canary')
  })

  it('show the process: memory, processor, event loop', () => {
    create()
    const value = (name: string) => Number(lines(name)[0]?.split(' ').at(-1))
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
    expect(value('nodejs_heap_size_used_bytes')).toBeGreaterThan(1_000_000)
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0)
    expect(Math.abs(value('process_start_time_seconds') - Date.now() / 1000)).toBeLessThan(3600)
    expect(lines('quilt_mcp_event_loop_lag_seconds').map((line) => line.replace(/ .*/, ''))).toEqual(
      ['0.5', '0.99', '1'].map((quantile) => `quilt_mcp_event_loop_lag_seconds{quantile="${quantile}"}`),
    )
  })

  it('are lines that Prometheus can read', () => {
    create()
    metrics.toolCall({ tool: 'object_read', backend: 'local', outcome: 'ok', ms: 3 })
    const family = String.raw`[a-z_]+(\{([a-z]+="[^"\n]*",?)+\})? [0-9.e+-]+`
    for (const line of metrics.text().trimEnd().split('\n')) {
      expect(line).toMatch(new RegExp(`^(# (HELP|TYPE) [a-z_]+ .+|${family})$`))
    }
  })
})

describe('a family', () => {
  it('shows its help and type before its values, also when there are none', () => {
    expect(counter('a_total', 'As.').text()).toBe('# HELP a_total As.\n# TYPE a_total counter\n')
    expect(histogram('b', 'Bs.', [1]).text()).toBe('# HELP b Bs.\n# TYPE b histogram\n')
  })

  it('escapes label values', () => {
    const family = counter('a_total', 'As.')
    family.add({ of: 'x"\\\n' })
    expect(family.text()).toContain('a_total{of="x\\"\\\\\\n"} 1\n')
  })
})
