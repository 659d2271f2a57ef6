import { describe, expect, it } from 'vitest'
import { loadConfig } from './load.js'
import { settings } from './schema.js'

describe('loadConfig', () => {
  it('has a default for everything that needs one', () => {
    expect(loadConfig({}, {})).toEqual({
      readOnly: false,
      host: '127.0.0.1',
      port: 8000,
      allowedOrigins: [],
      resultTokens: 4000,
      logLevel: 'info',
    })
  })

  it('takes a flag before the environment, and the environment before the default', () => {
    const env = { QUILT_MCP_PORT: '9001', QUILT_CATALOG_URL: 'https://catalog.example.com/', QUILT_API_KEY: 'qk_1' }
    expect(loadConfig({ port: '9002' }, env)).toMatchObject({
      port: 9002,
      catalogUrl: 'https://catalog.example.com',
      token: 'qk_1',
    })
  })

  it('takes the names that other servers use, after ours', () => {
    expect(loadConfig({}, { FASTMCP_HOST: '0.0.0.0', FASTMCP_PORT: '1234', QUILT_MCP_PORT: '5678' })).toMatchObject({
      host: '0.0.0.0',
      port: 5678,
    })
  })

  it('takes the cache folder from its flag or variable', () => {
    expect(loadConfig({}, { QUILT_CACHE_DIR: '/var/cache/quilt' }).cacheDir).toBe('/var/cache/quilt')
    expect(loadConfig({ cacheDir: 'none' }, { QUILT_CACHE_DIR: '/var/cache/quilt' }).cacheDir).toBe('none')
  })

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({}, { QUILT_MCP_READ_ONLY: '', QUILT_CATALOG_URL: '' })).toMatchObject({ readOnly: false })
  })

  it.each([
    ['true', true],
    ['1', true],
    ['no', false],
  ])('reads a switch from the environment: %s', (text, expected) => {
    expect(loadConfig({}, { QUILT_MCP_READ_ONLY: text }).readOnly).toBe(expected)
  })

  it.each([
    [{ port: '70000' }, {}, /^--port: /],
    [{}, { FASTMCP_PORT: 'http' }, /^FASTMCP_PORT: /],
    [{}, { QUILT_REGISTRY_URL: 'registry.example.com' }, /^QUILT_REGISTRY_URL: expected an http or https URL$/],
    [{ logLevel: 'loud' }, {}, /^--log-level: /],
  ])('names the flag or variable whose value is wrong', (flags, env, message) => {
    expect(() => loadConfig(flags, env)).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(message) }),
    )
  })

  it('has a flag, a variable and a description for every setting', () => {
    for (const setting of settings) {
      expect(setting).toMatchObject({
        flag: expect.stringMatching(/^--[a-z0-9-]+$/),
        description: expect.stringMatching(/\.$/),
      })
      expect(setting.env.length).toBeGreaterThan(0)
    }
  })
})
