import { describe, expect, it } from 'vitest'
import {
  metadataPaths,
  metadataUrlOf,
  protectedResourceMetadata,
  resourceOf,
  resourcesAt,
} from './protected-resource.js'

describe('the resource at a path', () => {
  it.each([
    ['https://mcp.example', '/mcp', 'https://mcp.example/mcp'],
    ['https://mcp.example', '/mcp/platform/mcp', 'https://mcp.example/mcp/platform'],
    ['https://mcp.example:443/', '/mcp/platform/mcp', 'https://mcp.example/mcp/platform'],
    ['http://127.0.0.1:8000', '/mcp', 'http://127.0.0.1:8000/mcp'],
    ['https://example.org/tools/', '/mcp', 'https://example.org/tools/mcp'],
    ['https://MCP.example', '/mcp/one-bucket', 'https://mcp.example/mcp/one-bucket'],
  ])('of %s %s is %s', (base, path, resource) => {
    expect(resourceOf(base, path)).toBe(resource)
  })

  it('is an audience of ours', () => {
    expect(resourcesAt('https://mcp.example')).toEqual(['https://mcp.example/mcp', 'https://mcp.example/mcp/platform'])
  })
})

describe('the metadata', () => {
  it('name the resource, who gives tokens for it and the scope to ask for', () => {
    expect(
      protectedResourceMetadata({
        resource: 'https://mcp.example/mcp/platform',
        issuer: 'https://connect.example:443',
        scope: 'platform',
      }),
    ).toEqual({
      resource: 'https://mcp.example/mcp/platform',
      authorization_servers: ['https://connect.example:443'],
      scopes_supported: ['platform'],
      bearer_methods_supported: ['header'],
      resource_name: 'Quilt MCP',
    })
  })

  it('lie at the root and at each path', () => {
    expect(metadataPaths).toEqual([
      { path: '/.well-known/oauth-protected-resource', resourcePath: '/mcp' },
      { path: '/.well-known/oauth-protected-resource/mcp', resourcePath: '/mcp' },
      { path: '/.well-known/oauth-protected-resource/mcp/platform', resourcePath: '/mcp/platform/mcp' },
      { path: '/.well-known/oauth-protected-resource/mcp/platform/mcp', resourcePath: '/mcp/platform/mcp' },
    ])
  })

  it.each(['/mcp', '/mcp/platform/mcp'])('of %s are served where their address says', (path) => {
    const { origin, pathname } = new URL(metadataUrlOf(resourceOf('https://mcp.example', path)))
    expect(origin).toBe('https://mcp.example')
    expect(metadataPaths).toContainEqual({ path: pathname, resourcePath: path })
  })
})
