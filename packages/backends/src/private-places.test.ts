// A server for many is given URLs by its tenants, and by what answers there. None of them leads it inside: not the catalog's own words,
// not a redirect, not an endpoint. The operator's network is played by real servers that must hear nothing.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Backend } from './backend.js'
import { createHttpClient, type HttpClient } from './http/client.js'
import { type PlatformOptions, platformBackend } from './platform.js'
import { bytesOf, refusalOf } from './test/collect.js'
import { type Answer, type FaultServer, faultServer, json, text } from './test/fault-server.js'
import { putFiles } from './test/packages.js'
import { always } from './test/s3-server.js'
import { startWorld, type World } from './test/world.js'

function tenants(...servers: readonly FaultServer[]): HttpClient {
  const alsoOrigins = servers.map(({ url }) => url)
  const http = createHttpClient({ pauseMs: 1, reach: { kind: 'public', alsoOrigins } })
  onTestFinished(() => http.close())
  return http
}

const ada = (options: Partial<PlatformOptions>): Backend => platformBackend({ token: 'secret', ...options })

/** What the token names beside the exchange: a role, and credentials in its claims. */
const otherIdentities = (sts: FaultServer) => ({
  assumeRole: {
    roleArn: 'arn:aws:iam::000000000000:role/lab',
    subject: 'ada',
    signer: always(),
    region: 'us-east-1',
    endpoint: sts.url,
  },
  embeddedCredentials: { accessKeyId: 'ASIACLAIM', secretAccessKey: 's' },
})

/** What is inside: nothing of this may ever be asked for. */
const inside = () => faultServer(json({ AccessKeyId: 'INSIDE', SecretAccessKey: 's', SessionToken: 't' }))
const metadata = 'http://169.254.169.254/latest/meta-data/iam/security-credentials/'

/** A registry and catalog in one, with browse sessions. @param answers by the beginning of the path */
function stack(answers: Readonly<Record<string, Answer>>): Promise<FaultServer> {
  return faultServer((request, response, body) => {
    const path = Object.keys(answers).find((start) => request.url?.startsWith(start))
    const answer = path === undefined ? json({ message: 'not here' }, 404) : answers[path]
    answer?.(request, response, body)
  })
}
const browsing = json({
  data: {
    browsingSessionCreate: { __typename: 'BrowsingSession', id: 's1', expires: '2099-01-01T00:00:00Z' },
    bucket: { name: 'data' },
    package: {
      revision: {
        hash: 'f'.repeat(64),
        modified: '2026-01-01T00:00:00.000Z',
        message: 'first',
        metadata: {},
        totalEntries: 1,
        totalBytes: 5,
        file: { path: 'a.txt', size: 5, physicalKey: 's3://data/a.txt' },
      },
    },
  },
})
const noCredentials = json({ message: 'no' }, 403)
const revision = { bucket: 'data', name: 'a/b', topHash: 'f'.repeat(64), modified: '2026-01-01T00:00:00.000Z' }

async function readByBrowsing(backend: Backend): Promise<string> {
  const reader = await backend.packages.open(revision)
  return String(await bytesOf((await reader.read('a.txt')).body))
}

describe('a catalog', () => {
  it('in a private place is not asked', async () => {
    const hidden = await inside()
    const backend = ada({ catalogUrl: hidden.url, http: tenants() })
    const error = await refusalOf(backend.identity())
    expect([error.code, error.details?.reason, hidden.requests]).toEqual(['forbidden', 'private-address', []])
  })

  it('whose config.json names a registry in a private place gets no token sent there', async () => {
    const hidden = await inside()
    for (const registryUrl of [hidden.url, metadata, 'http://registry.example.com']) {
      const catalog = await stack({ '/config.json': json({ registryUrl }) })
      const backend = ada({ catalogUrl: catalog.url, http: tenants(catalog) })
      for (const call of [backend.identity(), backend.buckets.list(), backend.objects.list('data')]) {
        expect((await refusalOf(call)).details?.reason).toMatch(/^(private-address|plain-http)$/)
      }
      expect(catalog.requests).toEqual(['GET /config.json'])
    }
    expect(hidden.requests).toEqual([])
  })

  it('whose config.json names a file server in a private place is not followed there', async () => {
    const hidden = await inside()
    const registry = await stack({ '/graphql': browsing, '/api/auth': noCredentials })
    const catalog = await stack({ '/config.json': json({ registryUrl: registry.url, s3Proxy: hidden.url }) })
    const backend = ada({ catalogUrl: catalog.url, registryUrl: registry.url, http: tenants(catalog, registry) })
    const error = await refusalOf(readByBrowsing(backend))
    expect([error.code, error.details?.reason, hidden.requests]).toEqual(['forbidden', 'private-address', []])
  })

  it('whose config.json names gateways in private places is used without them', async () => {
    const hidden = await inside()
    const registry = await stack({ '/graphql': browsing, '/api/auth': noCredentials, '/browse': text('hello') })
    const gateways = { apiGatewayEndpoint: hidden.url, binaryApiGatewayEndpoint: hidden.url }
    const catalog = await stack({
      '/config.json': json({ registryUrl: registry.url, ...gateways, s3Proxy: registry.url }),
    })
    const backend = ada({ catalogUrl: catalog.url, registryUrl: registry.url, http: tenants(catalog, registry) })
    expect([await readByBrowsing(backend), hidden.requests]).toEqual(['hello', []])
  })
})

describe('the region of a catalog', () => {
  const me = { name: 'a', email: 'a', isAdmin: false, role: { name: 'a' }, roles: [] }
  it.each([
    'evil.example.com/',
    'us-east-1@10.0.0.8',
    'x#',
    'US EAST',
    'a'.repeat(33),
  ])('that would make another host of S3 is none: %s', async (region) => {
    const registry = await stack({ '/graphql': json({ data: { me } }), '/api/auth': noCredentials })
    const catalog = await stack({ '/config.json': json({ registryUrl: registry.url, region }) })
    const backend = ada({ catalogUrl: catalog.url, http: tenants(catalog, registry) })
    expect((await backend.identity()).region).toBeUndefined()
  })
})

describe('a registry', () => {
  it.each(['/config.json', '/graphql', '/api/auth'])('that redirects %s inside is not followed', async (path) => {
    const hidden = await inside()
    for (const location of [hidden.url, metadata]) {
      const registry = await stack({ [path]: text('', 302, { location }) })
      const backend = ada({ catalogUrl: registry.url, registryUrl: registry.url, http: tenants(registry) })
      await refusalOf(path === '/api/auth' ? backend.objects.list('data') : backend.identity())
      expect(
        registry.requests.filter((request) => request.endsWith(path) || request.includes('get_credentials')),
      ).toHaveLength(1)
    }
    expect(hidden.requests).toEqual([])
  })

  it('whose file server redirects inside is not followed', async () => {
    const hidden = await inside()
    for (const location of [`${hidden.url}/data/a.txt`, metadata, 'http://[fd00:ec2::254]/', 'http://2130706433/']) {
      const registry = await stack({
        '/graphql': browsing,
        '/api/auth': noCredentials,
        '/browse/set_browse_cookie': json({}, 404),
        '/browse/s1': text('', 302, { location }),
      })
      const error = await refusalOf(readByBrowsing(ada({ registryUrl: registry.url, http: tenants(registry) })))
      expect([error.code, error.details?.reason]).toEqual(['forbidden', 'private-address'])
    }
    expect(hidden.requests).toEqual([])
  })

  it('that may not be asked has refused nothing: no other identity takes its place', async () => {
    const sts = await inside()
    const s3 = await inside()
    const backend = ada({
      registryUrl: 'https://10.0.0.8',
      s3Endpoint: s3.url,
      http: tenants(sts, s3),
      ...otherIdentities(sts),
    })
    const error = await refusalOf(backend.objects.list('data'))
    expect([error.code, error.details?.reason, sts.requests, s3.requests]).toEqual([
      'forbidden',
      'private-address',
      [],
      [],
    ])
  })
})

describe('AWS', () => {
  const issuing = json({
    AccessKeyId: 'A',
    SecretAccessKey: 's',
    SessionToken: 't',
    Expiration: '2099-01-01T00:00:00Z',
  })

  it('at a private endpoint that nobody named is not asked: not S3', async () => {
    const s3 = await inside()
    const registry = await stack({ '/api/auth': issuing })
    const backend = ada({ registryUrl: registry.url, s3Endpoint: s3.url, http: tenants(registry) })
    for (const call of [
      backend.objects.list('data'),
      backend.objects.info({ bucket: 'data', key: 'a' }),
      backend.objects.read({ bucket: 'data', key: 'a' }),
      backend.objects.put({ bucket: 'data', key: 'a' }, Buffer.from('a')),
    ]) {
      const error = await refusalOf(call)
      expect([error.code, error.details?.reason]).toEqual(['forbidden', 'private-address'])
    }
    expect(s3.requests).toEqual([])
  })

  it('at a private endpoint that nobody named is not asked: not STS, and no other identity takes its place', async () => {
    const [sts, s3] = [await inside(), await inside()]
    const registry = await stack({ '/api/auth': noCredentials })
    const backend = ada({
      registryUrl: registry.url,
      s3Endpoint: s3.url,
      http: tenants(registry, s3),
      ...otherIdentities(sts),
    })
    const error = await refusalOf(backend.objects.list('data'))
    expect([error.details?.reason, sts.requests, s3.requests]).toEqual(['private-address', [], []])
  })
})

describe('the embedded stack, on loopback, named by its operator', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.close())

  it('is a stack as any other', async () => {
    const { registryUrl, s3Endpoint } = world.stack
    const http = createHttpClient({ reach: { kind: 'public', alsoOrigins: [registryUrl, s3Endpoint] } })
    onTestFinished(() => http.close())
    const backend = await world.backendOf('ada', { http })
    const entries = await putFiles(backend, { 'a.txt': 'hello' }, 'inside')
    const { revision: pushed } = await backend.packages.push({
      bucket: 'lab-a',
      name: 'ada/inside',
      entries,
      message: 'm',
    })
    const reader = await backend.packages.open(pushed)
    expect(String(await bytesOf((await reader.read('a.txt')).body))).toBe('hello')
  })

  it('is closed when only a part of it was named', async () => {
    const http = createHttpClient({ reach: { kind: 'public', alsoOrigins: [world.stack.registryUrl] } })
    onTestFinished(() => http.close())
    const backend = await world.backendOf('ada', { http })
    expect((await backend.identity()).user?.name).toBe('ada')
    expect((await refusalOf(backend.objects.list('lab-a'))).details?.reason).toBe('private-address')
  })
})
