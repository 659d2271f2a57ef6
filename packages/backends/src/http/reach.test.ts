// Where a client of a server for many goes, and where it does not: against real servers on this machine, which it must not find.
import { describe, expect, it, onTestFinished } from 'vitest'
import { refusalOf } from '../test/collect.js'
import { withEnvironment } from '../test/environment.js'
import { type FaultServer, faultServer, text } from '../test/fault-server.js'
import { namesOf } from '../test/names.js'
import { behindProxy } from '../test/proxy.js'
import { createHttpClient, type HttpClient, type HttpClientOptions } from './client.js'
import { gateOf } from './reach.js'

/** A client of a server for many. */
function tenants(alsoOrigins: readonly string[] = [], options: HttpClientOptions = {}): HttpClient {
  const http = createHttpClient({ pauseMs: 1, reach: { kind: 'public', alsoOrigins }, ...options })
  onTestFinished(() => http.close())
  return http
}

const get = (http: HttpClient, url: string, redirectedFrom?: string) =>
  http.send({
    method: 'GET',
    url: new URL(url),
    redirectedFrom: redirectedFrom === undefined ? undefined : new URL(redirectedFrom),
    kind: 'quick',
    idempotent: true,
    peer: 'it',
  })

const portOf = ({ url }: FaultServer) => new URL(url).port

/** Every spelling of this machine that a URL may have. */
const thisMachine = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0.0.0.0',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[0:0:0:0:0:ffff:7f00:1]',
  '[::127.0.0.1]',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'anything.localhost',
]

describe('a client of a server for many', () => {
  it.each(thisMachine)('does not go to %s', async (host) => {
    const server = await faultServer(text('secret'))
    for (const scheme of ['http', 'https']) {
      const error = await refusalOf(get(tenants(), `${scheme}://${host}:${portOf(server)}/`))
      expect([error.code, error.details?.reason]).toEqual(['forbidden', 'private-address'])
    }
    expect(server.requests).toEqual([])
  })

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://169.254.170.2/v2/credentials',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://[::ffff:169.254.169.254]/',
    'http://metadata.google.internal/',
    'https://10.0.0.8/',
    'https://[fe80::1]/',
  ])('does not go to %s', async (url) => {
    expect((await refusalOf(get(tenants(), url))).details?.reason).toBe('private-address')
  })

  it('says what the operator can do', async () => {
    const error = await refusalOf(get(tenants(), 'https://10.0.0.8/'))
    expect([error.message, error.hint, error.retryable]).toEqual([
      '10.0.0.8 is not an address on the internet',
      'Name the public address of the catalog or registry. The operator of this server may allow a private one, by its exact origin.',
      false,
    ])
  })

  it.each([
    ['this machine', ['127.0.0.1']],
    ['the metadata of the machine', ['169.254.169.254']],
    ['the metadata of the machine over IPv6', ['fd00:ec2::254']],
    ['this machine in IPv6 clothes', ['::ffff:127.0.0.1']],
    ['a public and a private address', ['93.184.216.34', '127.0.0.1']],
    ['nothing', []],
  ])('does not go to a name that stands for %s', async (_what, addresses) => {
    const server = await faultServer(text('secret'))
    const { lookup } = namesOf({ 'catalog.example.com': [addresses] })
    const error = await refusalOf(get(tenants([], { lookup }), `https://catalog.example.com:${portOf(server)}/`))
    expect([error.code, error.details]).toEqual([
      'forbidden',
      { host: 'catalog.example.com', reason: 'private-address' },
    ])
    expect(server.requests).toEqual([])
  })

  it('judges the very address that it connects to: a name that changes gains nothing', async () => {
    const server = await faultServer(text('secret'))
    const { lookup, asked } = namesOf({ 'rebind.example.com': [['127.0.0.1'], ['93.184.216.34']] })
    const url = `https://rebind.example.com:${portOf(server)}/`
    expect((await refusalOf(get(tenants([], { lookup }), url))).details?.reason).toBe('private-address')
    expect([asked, server.requests]).toEqual([['rebind.example.com'], []])
  })

  it('asks nobody on the internet without encryption', async () => {
    const error = await refusalOf(get(tenants(), 'http://registry.example.com/graphql'))
    expect([error.code, error.details]).toEqual(['forbidden', { host: 'registry.example.com', reason: 'plain-http' }])
  })

  it('goes to what the operator named, exactly', async () => {
    const server = await faultServer(text('fine'))
    const other = await faultServer(text('secret'))
    const http = tenants([server.url])
    expect((await get(http, `${server.url}/path?query`)).status).toBe(200)
    for (const url of [other.url, server.url.replace('http:', 'https:'), `http://localhost:${portOf(server)}`]) {
      expect((await refusalOf(get(http, url))).details?.reason).toBe('private-address')
    }
    expect([server.requests, other.requests]).toEqual([['GET /path?query'], []])
  })

  it('follows no redirect by itself, and none from the internet to what was named', async () => {
    const named = await faultServer(text('', 302, { location: 'http://169.254.169.254/' }), text('fine'))
    const http = tenants([named.url])
    expect((await get(http, named.url)).status).toBe(302)
    expect((await get(http, named.url, named.url)).status).toBe(200)
    expect((await refusalOf(get(http, named.url, 'https://catalog.example.com/'))).details?.reason).toBe(
      'private-address',
    )
    expect(named.requests).toHaveLength(2)
  })

  it.each([
    '',
    'nonsense',
    '127.0.0.1:9000',
    'http://127.0.0.1:9000/path',
    'http://user@127.0.0.1',
    'ftp://127.0.0.1',
  ])('is not made when the operator names %j, which is no origin', (origin) => {
    expect(() => tenants([origin])).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})

describe('behind a proxy, a client of a server for many', () => {
  const reach = { kind: 'public', alsoOrigins: [] } as const

  it('leaves names of the internet to the proxy, and asks it for nothing that is inside', async () => {
    const { lookup, asked: names } = namesOf({})
    const { http, asked } = await behindProxy({ reach, lookup })
    expect((await refusalOf(get(http, 'https://registry.example.com/'))).code).toBe('upstream')
    expect([asked, names]).toEqual([['registry.example.com:443'], []])
    for (const host of [...thisMachine, '169.254.169.254', 'metadata.google.internal', 'registry']) {
      expect((await refusalOf(get(http, `https://${host}/`))).details?.reason).toBe('private-address')
    }
    expect(asked).toHaveLength(1)
  })

  it('judges names that NO_PROXY excepts as without a proxy', async () => {
    withEnvironment({ NO_PROXY: '.example.com' })
    const { lookup } = namesOf({ 'registry.example.com': [['10.0.0.8']] })
    const { http, asked } = await behindProxy({ reach, lookup })
    expect((await refusalOf(get(http, 'https://registry.example.com/'))).details?.reason).toBe('private-address')
    expect(asked).toEqual([])
  })
})

describe('a gate', () => {
  it('opens everything to a client that may go anywhere', () => {
    expect(gateOf({ kind: 'anywhere' })(new URL('http://127.0.0.1/'))).toBe('any-address')
  })

  it('lets what the operator named lead to the internet', () => {
    const gate = gateOf({ kind: 'public', alsoOrigins: ['http://127.0.0.1:9000/'] })
    expect(gate(new URL('https://s3.amazonaws.com/b/k'), new URL('http://127.0.0.1:9000/browse'))).toBe(
      'public-address',
    )
  })
})
