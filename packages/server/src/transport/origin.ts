// Which web pages and host names may reach the HTTP server, and the CORS headers that tell a browser so.

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** Whether an address to listen on, or a host name, is this machine only. */
export const isLoopback = (host: string): boolean => loopbackHosts.has(host.toLowerCase())

/** Whether a page of this origin may call: pages of this machine, and the origins that were allowed.
 * @param origin the Origin header; absent for everything that is not a web page */
export function originAllowed(origin: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined) return true
  if (allowed.includes(origin)) return true
  return /^https?:\/\//.test(origin) && URL.canParse(origin) && isLoopback(new URL(origin).hostname)
}

/** Whether the Host header names this machine: the guard against DNS rebinding of a server that listens on loopback only. */
export function hostAllowed(host: string | undefined): boolean {
  return host !== undefined && URL.canParse(`http://${host}`) && isLoopback(new URL(`http://${host}`).hostname)
}

const requestHeaders = [
  'Authorization',
  'Content-Type',
  'Accept',
  'MCP-Protocol-Version',
  'Mcp-Session-Id',
  'Mcp-Method',
  'Mcp-Name',
  'Last-Event-ID',
  'X-Request-Id',
  'traceparent',
  'tracestate',
  'baggage',
]

/** The headers that every answer to an allowed page carries, errors included. */
export function corsHeaders(origin: string): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers':
      'MCP-Protocol-Version, Mcp-Session-Id, WWW-Authenticate, Retry-After, X-Request-Id',
    Vary: 'Origin',
  }
}

/** The headers of the answer to a preflight. @param wanted Access-Control-Request-Headers */
export function preflightHeaders(wanted: string | undefined): Record<string, string> {
  // The 2026 protocol mirrors arguments in headers named Mcp-Param-<argument>.
  const mirrored = (wanted ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => /^mcp-param-[\w-]+$/i.test(name))
  return {
    'Access-Control-Allow-Methods': 'POST, OPTIONS',
    'Access-Control-Allow-Headers': [...requestHeaders, ...mirrored].join(', '),
    'Access-Control-Max-Age': '600',
  }
}
