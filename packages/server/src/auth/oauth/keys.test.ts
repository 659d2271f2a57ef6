import { describe, expect, it } from 'vitest'
import { createJwtVerifier } from '../jwt/verify-jwt.js'
import { signerOf } from '../test/signer.js'
import { type Answer, type Said, smallServer, testHttp } from '../test/small-server.js'
import { oauthKeys } from './keys.js'

const [first, second] = [await signerOf('one'), await signerOf('two')]

interface Told {
  /** Path of the issuer. */
  readonly path?: string
  /** Where its metadata lie. */
  readonly at?: string
  readonly metadata?: (origin: string) => object
}

/** An authorization server, whose keys and clock a test sets. */
async function authorizationServer({ path = '', at = '/.well-known/oauth-authorization-server', metadata }: Told = {}) {
  const state = { nowMs: Date.now(), keys: [first.jwk], problems: [] as unknown[] }
  const answer: Answer = ({ line }): Said => {
    if (line === 'GET /auth/keys') return { body: { keys: state.keys } }
    if (line !== `GET ${at}`) return { status: 404 }
    const usual = { issuer: `${server.url}${path}`, jwks_uri: `${server.url}/auth/keys` }
    return { body: { ...usual, ...metadata?.(server.url) } }
  }
  const server = await smallServer(answer)
  const now = () => state.nowMs
  const keySet = oauthKeys({
    issuer: `${server.url}${path}`,
    http: testHttp(),
    onProblem: (error) => state.problems.push(error),
    now,
  })
  const verify = createJwtVerifier({ keySet, now })
  const subjectOf = async (token: Promise<string>) => (await verify(await token))?.payload.sub
  return { server, state, subjectOf, lines: () => server.asked.map(({ line }) => line) }
}

describe('the keys of an authorization server', () => {
  it('are where its metadata say', async () => {
    const { subjectOf, lines } = await authorizationServer()
    expect(await subjectOf(first.sign({ sub: 'ada' }))).toBe('ada')
    expect(await subjectOf(first.sign({ sub: 'bob' }))).toBe('bob')
    expect(lines()).toEqual(['GET /.well-known/oauth-authorization-server', 'GET /auth/keys'])
  })

  it.each([
    ['', '/.well-known/openid-configuration'],
    ['/tenant', '/.well-known/oauth-authorization-server/tenant'],
    ['/tenant', '/tenant/.well-known/oauth-authorization-server'],
    ['/tenant', '/.well-known/openid-configuration/tenant'],
    ['/tenant', '/tenant/.well-known/openid-configuration'],
  ])('are found for the path "%s" from %s', async (path, at) => {
    const { subjectOf } = await authorizationServer({ path, at })
    expect(await subjectOf(first.sign({ sub: 'ada' }))).toBe('ada')
  })

  it('rotate', async () => {
    const { state, subjectOf } = await authorizationServer()
    await subjectOf(first.sign({ sub: 'ada' }))
    state.keys = [second.jwk]
    state.nowMs += 30_000
    expect(await subjectOf(second.sign({ sub: 'bob' }))).toBe('bob')
    expect(await subjectOf(first.sign({ sub: 'ada' }))).toBeUndefined()
  })

  it('serve on in an outage', async () => {
    const { server, state, subjectOf } = await authorizationServer()
    await subjectOf(first.sign({ sub: 'ada' }))
    server.answer(() => ({ status: 503 }))
    state.nowMs += 1_200_000
    expect(await subjectOf(first.sign({ sub: 'ada' }))).toBe('ada')
    expect(state.problems).toEqual([expect.objectContaining({ code: 'upstream' })])
  })
})

describe('metadata that are not taken', () => {
  it.each<[string, (origin: string) => object, RegExp]>([
    ['those of another issuer', () => ({ issuer: 'https://evil.example' }), /is that of another issuer than/],
    ['those of an issuer by another path', (origin) => ({ issuer: `${origin}/x` }), /is that of another issuer than/],
    ['without an issuer', () => ({ issuer: undefined }), /names no issuer and jwks_uri/],
    ['without keys', () => ({ jwks_uri: undefined }), /names no issuer and jwks_uri/],
    ['keys in a file', () => ({ jwks_uri: 'file:///etc/passwd' }), /names no issuer and jwks_uri/],
    ['keys elsewhere without TLS', () => ({ jwks_uri: 'http://127.0.0.2/keys' }), /neither https nor at the issuer/],
    ['keys on another port', () => ({ jwks_uri: 'http://127.0.0.1:1/keys' }), /neither https nor at the issuer/],
  ])('%s', async (_what, metadata, message) => {
    const { state, subjectOf, lines } = await authorizationServer({ metadata })
    await expect(subjectOf(first.sign({ sub: 'ada' }))).rejects.toMatchObject({ code: 'upstream' })
    expect(state.problems).toEqual([
      expect.objectContaining({ code: 'upstream', message: expect.stringMatching(message) }),
    ])
    expect(lines()).not.toContain('GET /auth/keys')
  })

  it.each<[string, Said | 'hang up', RegExp]>([
    ['a redirect', { status: 307, headers: { location: '/elsewhere' } }, /a redirect, which is not followed/],
    ['an error', { status: 500 }, /an error \(HTTP 500\)/],
    ['a web page', { headers: { 'content-type': 'text/html' }, body: '<html></html>' }, /does not answer in JSON/],
    ['no answer', 'hang up', /the authorization server failed/],
    ['nothing', { status: 404 }, /has no metadata of an authorization server/],
  ])('%s', async (_what, said, message) => {
    const { server, state, subjectOf, lines } = await authorizationServer()
    server.answer(() => said)
    await expect(subjectOf(first.sign({ sub: 'ada' }))).rejects.toMatchObject({ code: 'upstream' })
    expect(state.problems).toEqual([
      expect.objectContaining({ code: 'upstream', message: expect.stringMatching(message) }),
    ])
    expect(lines()).not.toContain('GET /elsewhere')
  })
})
