// Settings of the HTTP server.
import { z } from 'zod'
import { list, setting, webUrl } from './setting.js'

const port = () => z.coerce.number().int().min(0).max(65_535)

export const httpSettings = {
  host: setting(z.string().min(1).default('127.0.0.1'), 'Address that serve listens on.', {
    flag: '--host',
    env: ['QUILT_MCP_HOST', 'FASTMCP_HOST', 'FASTMCP_ADDR'],
    value: 'address',
  }),
  port: setting(port().default(8000), 'Port that serve listens on; 0 takes a free one.', {
    flag: '--port',
    env: ['QUILT_MCP_PORT', 'FASTMCP_PORT'],
    value: 'number',
  }),
  allowedOrigins: setting(list(), 'Web origins that may call serve beside this machine and the catalog.', {
    flag: '--allowed-origins',
    env: ['QUILT_MCP_ALLOWED_ORIGINS'],
    value: 'list',
    list: true,
  }),
  allowedHosts: setting(
    list(),
    'Host names under which serve may be called, beside this machine and --public-url. Default: any, unless it listens on loopback.',
    { flag: '--allowed-hosts', env: ['QUILT_MCP_ALLOWED_HOSTS'], value: 'list', list: true },
  ),
  publicUrl: setting(
    webUrl().optional(),
    'Address under which clients reach serve, without the path: what OAuth metadata and audiences name.',
    { flag: '--public-url', env: ['QUILT_MCP_PUBLIC_URL'], value: 'url' },
  ),
  metricsPort: setting(
    port().optional(),
    'Port of its own for metrics and health. Default: health on the main port, no metrics.',
    {
      flag: '--metrics-port',
      env: ['QUILT_MCP_METRICS_PORT'],
      value: 'number',
    },
  ),
  maxRequestBytes: setting(
    z.coerce
      .number()
      .int()
      .min(1024)
      .max(256 * 1024 * 1024)
      .default(16 * 1024 * 1024),
    'Longest request body that serve takes, in bytes.',
    { flag: '--max-request-bytes', env: ['QUILT_MCP_MAX_REQUEST_BYTES'], value: 'number' },
  ),
  requestSeconds: setting(
    z.coerce.number().int().min(1).max(3600).default(300),
    'Longest time that serve works on one request, in seconds.',
    { flag: '--request-seconds', env: ['QUILT_MCP_REQUEST_SECONDS'], value: 'number' },
  ),
  maxConcurrent: setting(
    z.coerce.number().int().min(1).max(100_000).default(1000),
    'Requests that serve works on at once; more are answered 503.',
    { flag: '--max-concurrent', env: ['QUILT_MCP_MAX_CONCURRENT'], value: 'number' },
  ),
  rateLimit: setting(
    z.coerce.number().int().min(0).max(10_000_000).default(1200),
    'Requests a minute that one caller may send to serve; more are answered 429. 0: any number.',
    { flag: '--rate-limit', env: ['QUILT_MCP_RATE_LIMIT'], value: 'number' },
  ),
  drainSeconds: setting(
    z.coerce.number().int().min(0).max(3600).default(10),
    'Seconds that requests under way have to end when serve is stopped.',
    { flag: '--drain-seconds', env: ['QUILT_MCP_DRAIN_SECONDS'], value: 'number' },
  ),
}
