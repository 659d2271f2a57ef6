// Message number n of a campaign: made of the seed and n alone, so that it can be sent again.
import type { FuzzedTool } from './arguments.js'
import { jsonText, nodeOf } from './json-text.js'
import { goodMessage } from './messages.js'
import { mutated, mutatedBytes } from './mutate.js'
import { type Random, randomOf } from './random.js'
import { type Sending, sendingOf } from './wire.js'

export interface CampaignWorld {
  readonly seed: number
  readonly host: string
  /** A good one. */
  readonly token: string
  readonly tools: readonly FuzzedTool[]
}

/** The exchange number `index`. */
export function exchangeOf({ seed, host, token, tools }: CampaignWorld, index: number): Sending {
  const random = randomOf(seed, index)
  const message = goodMessage(random, tools)
  const headers: Readonly<Record<string, string>> = {
    Host: host,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    Authorization: `Bearer ${token}`,
    ...Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, encodeURIComponent(value)])),
  }
  const request = {
    method: random.oneIn(30) ? random.pick(oddMethods) : 'POST',
    target: random.oneIn(20) ? random.pick(oddTargets) : random.pick(['/mcp', '/mcp', '/mcp/platform/mcp']),
    headers: mutatedHeaders(Object.entries(headers), random),
    body: mutatedBody(message.body, random),
  }
  return sendingOf(request, random)
}

function mutatedBody(body: object, random: Random): Buffer {
  let node = nodeOf(body)
  if (random.oneIn(20)) node = Array.from({ length: random.pick([0, 1, 2, 50]) }, () => node)
  // One in five stays good: what is sent between the bad ones must be served.
  if (random.oneIn(5)) return Buffer.from(jsonText(node))
  const times = random.pick([1, 1, 2, 3])
  for (let time = 0; time < times; time++) node = mutated(node, random)
  const text = jsonText(node)
  return random.oneIn(12) ? mutatedBytes(text, random) : Buffer.from(text)
}

type Headers = readonly (readonly [string, string])[]

function mutatedHeaders(headers: Headers, random: Random): Headers {
  if (!random.oneIn(5)) return headers
  const at = random.below(headers.length)
  const [name, value] = headers[at] ?? ['Host', 'x']
  const changed = (...instead: Headers): Headers => headers.flatMap((one, index) => (index === at ? instead : [one]))
  return random.pick<() => Headers>([
    () => changed(),
    () => changed([name, value], [name, value]),
    () => changed([name, value], [name, random.pick(oddHeaderValues)]),
    () => changed([name, random.pick(oddHeaderValues)]),
    () => changed([name, value.slice(0, random.below(value.length))]),
    () => [...headers, random.pick(oddHeaders)],
  ])()
}

const oddMethods = ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'post', 'BREW']
const oddTargets = [
  '/',
  '/healthz',
  '/readyz',
  '/metrics',
  '/mcp/',
  '/mcp?token=x',
  '/mcp//',
  '/MCP',
  '/mcp/%2e%2e',
  '/mcp/../healthz',
  '/mcp/%00',
  '/mcp/%ff',
  '*',
  '//evil.example.com/mcp',
  'http://evil.example.com/mcp',
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-protected-resource/mcp',
  '/mcp/bucket/lab-a',
  '/mcp/readonly',
  '/__proto__',
  `/${'x'.repeat(5000)}`,
]
const oddHeaderValues = [
  '',
  ' ',
  'x',
  '\u00ff\u00fe',
  '0',
  'null',
  'Bearer',
  'Bearer a b',
  'text/html',
  '*/*',
  'application/json; charset=utf-16',
  '1999-01-01',
  'a'.repeat(9000),
  '"',
  ',,,',
]
const oddHeaders: Headers = [
  ['Content-Encoding', 'gzip'],
  ['Expect', '100-continue'],
  ['Expect', 'miracles'],
  ['Origin', 'null'],
  ['Origin', 'https://evil.example.com'],
  ['Last-Event-ID', '1'],
  ['Mcp-Session-Id', 'x'],
  ['Mcp-Param-bucket', 'lab-b'],
  ['X-Quilt-User-Role', 'arn:aws:iam::1:role/x'],
  ['X-Quilt-Catalog-URL', 'http://169.254.169.254'],
  ['X-Request-Id', 'x'.repeat(3000)],
  ['X-MCP-Readonly', 'maybe'],
  ['traceparent', '00-x'],
  ['Cookie', 'a=b'],
  ['Connection', 'close, Transfer-Encoding'],
  ['X-Forwarded-For', '10.0.0.1'],
]
