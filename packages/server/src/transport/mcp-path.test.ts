import { expect, it } from 'vitest'
import { mcpPath } from './mcp-path.js'

it.each([
  ['/mcp', { endpoint: '/mcp', surface: 'ours', segments: [] }],
  ['/mcp/', { endpoint: '/mcp', surface: 'ours', segments: [''] }],
  ['/mcp/b/lab-a/readonly', { endpoint: '/mcp', surface: 'ours', segments: ['b', 'lab-a', 'readonly'] }],
  ['/mcp/platform/mcp', { endpoint: '/mcp/platform/mcp', surface: 'hosted', segments: [] }],
  ['/mcp/platform/mcp/readonly', { endpoint: '/mcp/platform/mcp', surface: 'hosted', segments: ['readonly'] }],
  ['/mcp/platform/mcpx', { endpoint: '/mcp', surface: 'ours', segments: ['platform', 'mcpx'] }],
  ['/mcp/%2e%2e', { endpoint: '/mcp', surface: 'ours', segments: ['%2e%2e'] }],
])('reads %s as it was sent', (path, expected) => {
  expect(mcpPath(path)).toEqual(expected)
})

it.each(['/', '/mcpx', '/MCP', '/healthz', 'mcp'])('finds no MCP at %s', (path) => {
  expect(mcpPath(path)).toBeUndefined()
})
