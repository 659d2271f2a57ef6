import { describe, expect, it } from 'vitest'
import type { ConfigFile } from './config-file.js'
import { loadConfig, loadSettings } from './load.js'
import { type GivenValue, type SettingName, settings } from './schema.js'

const aFile = (values: Partial<Record<SettingName, GivenValue>>): ConfigFile => ({
  path: '/home/ada/config.yaml',
  values: new Map(settings.flatMap(({ name }) => (values[name] === undefined ? [] : [[name, values[name]] as const]))),
  readableByOthers: false,
})

describe('loadConfig', () => {
  it('has a default for everything that needs one', () => {
    expect(loadConfig({}, {})).toEqual({
      backend: 'auto',
      confirm: 'ask',
      transport: 'stdio',
      localFiles: [],
      disableSession: false,
      registries: [],
      requesterPays: [],
      readOnly: false,
      host: '127.0.0.1',
      port: 8000,
      allowedOrigins: [],
      allowedHosts: [],
      maxRequestBytes: 16_777_216,
      requestSeconds: 300,
      maxConcurrent: 1000,
      rateLimit: 1200,
      drainSeconds: 10,
      allowedCatalogs: [],
      oauthScope: 'platform',
      assumeRoles: false,
      allowedRoles: [],
      toolsets: [],
      tools: [],
      resultTokens: 4000,
      searchContent: false,
      logLevel: 'info',
    })
  })

  it('takes a flag before the environment, that before the file, and the file before the default', () => {
    const env = { QUILT_MCP_PORT: '9001', QUILT_CATALOG_URL: 'https://catalog.example.com/', QUILT_API_KEY: 'qk_1' }
    const file = aFile({ port: '9003', catalogUrl: 'https://other.example.com', readOnly: 'true', resultTokens: '900' })
    expect(loadConfig({ port: '9002' }, env, file)).toMatchObject({
      port: 9002,
      catalogUrl: 'https://catalog.example.com',
      token: 'qk_1',
      readOnly: true,
      resultTokens: 900,
      logLevel: 'info',
    })
  })

  it('says where each value came from', () => {
    const { originOf } = loadSettings(
      { port: '9002' },
      { QUILT_API_KEY: 'qk_1', FASTMCP_ADDR: '0.0.0.0', QUILT_DEPLOYMENT: 'remote' },
      aFile({ readOnly: 'true' }),
    )
    expect([
      originOf('port'),
      originOf('token'),
      originOf('host'),
      originOf('backend'),
      originOf('readOnly'),
      originOf('logLevel'),
    ]).toEqual([
      '--port',
      'QUILT_API_KEY',
      'FASTMCP_ADDR',
      'QUILT_DEPLOYMENT remote',
      '/home/ada/config.yaml',
      'default',
    ])
  })

  it.each([
    ['remote', { backend: 'platform', transport: 'http' }],
    ['local', { backend: 'auto', transport: 'stdio' }],
    ['legacy', { backend: 'session', transport: 'stdio' }],
    ['embedded', { backend: 'platform', transport: 'stdio' }],
  ])('takes the deployment %s for a backend and a transport', (deployment, expected) => {
    expect(loadConfig({ deployment }, {})).toMatchObject(expected)
    expect(loadConfig({}, { QUILT_DEPLOYMENT: deployment })).toMatchObject(expected)
    expect(loadConfig({}, {}, aFile({ deployment }))).toMatchObject(expected)
  })

  it('takes a setting before the preset that was given at the same place, and a flag’s preset before a variable', () => {
    expect(loadConfig({ deployment: 'remote', backend: 'iam' }, { FASTMCP_TRANSPORT: 'stdio' })).toMatchObject({
      backend: 'iam',
      transport: 'http',
    })
    expect(loadConfig({}, { QUILT_DEPLOYMENT: 'remote', FASTMCP_TRANSPORT: 'stdio' })).toMatchObject({
      backend: 'platform',
      transport: 'stdio',
    })
  })

  it('takes the names that other servers use, after ours', () => {
    expect(loadConfig({}, { FASTMCP_HOST: '0.0.0.0', FASTMCP_PORT: '1234', QUILT_MCP_PORT: '5678' })).toMatchObject({
      host: '0.0.0.0',
      port: 5678,
    })
    expect(loadConfig({}, { FASTMCP_TRANSPORT: 'streamable-http' }).transport).toBe('http')
  })

  it('takes the cache folder from its flag or variable', () => {
    expect(loadConfig({}, { QUILT_CACHE_DIR: '/var/cache/quilt' }).cacheDir).toBe('/var/cache/quilt')
    expect(loadConfig({ cacheDir: 'none' }, { QUILT_CACHE_DIR: '/var/cache/quilt' }).cacheDir).toBe('none')
  })

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({}, { QUILT_MCP_READ_ONLY: '', QUILT_CATALOG_URL: '' })).toMatchObject({ readOnly: false })
  })

  it('takes lists from repeated flags, from texts with commas, and from lists in a file', () => {
    const registries = ['s3://lab-a', 'file:///data/registry']
    expect(loadConfig({ registries }, {}).registries).toEqual(registries)
    expect(loadConfig({}, { QUILT_REGISTRIES: ' s3://lab-a , file:///data/registry/,' }).registries).toEqual(registries)
    expect(loadConfig({}, { QUILT_BUCKETS: 'lab-a,lab-b' }).registries).toEqual(['lab-a', 'lab-b'])
    expect(loadConfig({}, {}, aFile({ registries })).registries).toEqual(registries)
  })

  it.each([
    ['true', true],
    ['1', true],
    ['no', false],
  ])('reads a switch from the environment: %s', (text, expected) => {
    expect(loadConfig({}, { QUILT_MCP_READ_ONLY: text, QUILT_DISABLE_QUILT3_SESSION: text })).toMatchObject({
      readOnly: expected,
      disableSession: expected,
    })
  })

  it.each([
    [{ port: '70000' }, {}, /^--port: /],
    [{}, { FASTMCP_PORT: 'http' }, /^FASTMCP_PORT: /],
    [{}, { FASTMCP_TRANSPORT: 'sse' }, /^FASTMCP_TRANSPORT: expected stdio or http \(sse is retired/],
    [{}, { QUILT_DEPLOYMENT: 'cloud' }, /^QUILT_DEPLOYMENT: .*"remote"/],
    [{ registries: ['/data'] }, {}, /^--registry: expected s3:\/\/bucket, file:\/\/\/path or the name of a bucket$/],
    [{}, { QUILT_REGISTRY_URL: 'registry.example.com' }, /^QUILT_REGISTRY_URL: expected an http or https URL$/],
    [{ logLevel: 'loud' }, {}, /^--log-level: /],
  ])('names the flag or variable whose value is wrong: %j %j', (flags, env, message) => {
    expect(() => loadConfig(flags, env)).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(message) }),
    )
  })

  it('names the file whose value is wrong', () => {
    expect(() => loadConfig({}, {}, aFile({ port: 'http' }))).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^\/home\/ada\/config\.yaml: port: /) }),
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
    expect(new Set(settings.map(({ flag }) => flag)).size).toBe(settings.length)
  })
})
