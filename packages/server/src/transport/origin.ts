// Which web pages and host names may reach the HTTP server, and the CORS headers that tell a browser so.

import { narrowingHeaders } from '../mcp/narrowing/narrowing-of-request.js'

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** Whether an address to listen on, or a host name, is this machine only. */
export const isLoopback = (host: string): boolean => loopbackHosts.has(host.toLowerCase())

/** Who may reach the server by a browser. */
export interface AccessRules {
  /** Host names under which it may be called, beside those of this machine. Undefined: any. */
  readonly hosts: ReadonlySet<string> | undefined
  /** Web origins that may call, beside those of this machine. */
  readonly origins: readonly string[]
  /** Whether an origin is that of a catalog that is served. */
  isCatalog(origin: string): boolean
}

/** Whether a page of this origin may call: pages of this machine, of the catalogs that are served, and those that were allowed.
 * @param origin the Origin header; absent for everything that is not a web page */
export function originAllowed(origin: string | undefined, { origins, isCatalog }: AccessRules): boolean {
  if (origin === undefined) return true
  if (origins.includes(origin) || isCatalog(origin)) return true
  return /^https?:\/\//.test(origin) && URL.canParse(origin) && isLoopback(new URL(origin).hostname)
}

/** Whether the Host header names this machine or an allowed name: the guard against DNS rebinding. */
export function hostAllowed(host: string | undefined, { hosts }: AccessRules): boolean {
  if (hosts === undefined) return true
  if (host === undefined || !URL.canParse(`http://${host}`)) return false
  const { hostname } = new URL(`http://${host}`)
  return isLoopback(hostname) || hosts.has(hostname)
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
  ...narrowingHeaders,
  'X-Quilt-User-Role',
  'X-Quilt-Catalog-URL',
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
