// The auth table, third part: how a request says who sends it, and what it wishes for.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AuthWorld, anAuthWorld, bearer, publicUrl, send } from './auth-world.js'
import { signedToken } from './tokens.js'

let world: AuthWorld
beforeAll(async () => {
  world = await anAuthWorld()
})
afterAll(() => world.close())

it.each<[string, () => Record<string, string | string[]>, string, string]>([
  ['no token', () => ({}), '/mcp', 'the request carries no token'],
  ['a token in the query', () => ({}), '/mcp?access_token=TOKEN', 'the request carries no token'],
  ['a token in a cookie', () => ({ Cookie: `token=${world.token()}` }), '/mcp', 'the request carries no token'],
  ['a token in another header', () => ({ 'X-Api-Key': world.home.ada.apiKey }), '/mcp', 'the request carries no token'],
  [
    'the same token twice',
    () => ({ Authorization: [`Bearer ${world.token()}`, `Bearer ${world.token()}`] }),
    '/mcp',
    'the request carries more than one Authorization header',
  ],
  [
    'two tokens',
    () => ({ Authorization: [`Bearer ${world.token()}`, `Bearer ${world.home.grace.apiKey}`] }),
    '/mcp',
    'the request carries more than one Authorization header',
  ],
  [
    'two tokens in one header',
    () => ({ Authorization: `Bearer ${world.token()}, Bearer ${world.token()}` }),
    '/mcp',
    'the Authorization header is not a bearer token',
  ],
  [
    'a password',
    () => ({ Authorization: 'Basic YWRhOmFkYQ==' }),
    '/mcp',
    'the Authorization header is not a bearer token',
  ],
  [
    'a scheme and nothing',
    () => ({ Authorization: 'Bearer ' }),
    '/mcp',
    'the Authorization header is not a bearer token',
  ],
  [
    'a token with spaces in it',
    () => ({ Authorization: `Bearer ${world.token()} x` }),
    '/mcp',
    'the Authorization header is not a bearer token',
  ],
  [
    'a token with letters of another script',
    () => ({ Authorization: 'Bearer é' }),
    '/mcp',
    'the Authorization header is not a bearer token',
  ],
  [
    'a token that is percent-encoded',
    () => ({ Authorization: `Bearer %65${world.token().slice(1)}` }),
    '/mcp',
    'the Authorization header is not a bearer token',
  ],
])('answers 401 to %s', async (_what, headers, path, message) => {
  const answer = await send(world, headers(), { path: path.replace('TOKEN', world.token()) })
  expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated', message } } })
  expect(answer.challenge).toContain(`resource_metadata="${publicUrl}/.well-known/oauth-protected-resource/mcp"`)
  expect(answer.challenge).toContain('scope="platform"')
})

it('names the metadata of the resource that was asked for', async () => {
  const { challenge } = await send(world, {}, { path: '/mcp/platform/mcp' })
  expect(challenge).toBe(
    `Bearer realm="quilt-mcp", scope="platform", resource_metadata="${publicUrl}/.well-known/oauth-protected-resource/mcp/platform"`,
  )
})

it.each([
  ['/.well-known/oauth-protected-resource', `${publicUrl}/mcp`],
  ['/.well-known/oauth-protected-resource/mcp', `${publicUrl}/mcp`],
  ['/.well-known/oauth-protected-resource/mcp/platform', `${publicUrl}/mcp/platform`],
  ['/.well-known/oauth-protected-resource/mcp/platform/mcp', `${publicUrl}/mcp/platform`],
])('serves the metadata at %s', async (path, resource) => {
  expect(await (await fetch(`${world.server.origin}${path}`)).json()).toMatchObject({
    resource,
    authorization_servers: [world.oauthKeys.url],
    scopes_supported: ['platform'],
    bearer_methods_supported: ['header'],
  })
})

it('answers 403 with what is missing to an access token without the scope', async () => {
  const token = signedToken(world.accessClaims({ scope: 'openid' }), world.keys.oauth)
  expect(await send(world, bearer(token))).toMatchObject({
    status: 403,
    challenge: expect.stringMatching(/error="insufficient_scope".*scope="platform".*resource_metadata=/),
    body: { error: { code: 'forbidden' } },
  })
})

it('answers 431 to headers that are longer than any token', async () => {
  expect(await send(world, bearer('x'.repeat(30_000)))).toMatchObject({
    status: 431,
    body: { error: { message: 'the headers are too long' } },
  })
})

it('answers 401 to a token of 20 KB, and asks nobody about it', async () => {
  expect(await send(world, bearer(`${world.token()}${'x'.repeat(20_000)}`))).toMatchObject({
    status: 401,
    body: { error: { message: 'the token is longer than 16384 characters' } },
  })
})

const role = 'arn:aws:iam::123456789012:role/curator'
it.each<[string, () => Record<string, string | string[]>, number, string]>([
  ['a role that the token does not list', () => ({ 'X-Quilt-User-Role': role }), 403, 'forbidden'],
  ['a role by a name that the token does not list', () => ({ 'X-Quilt-User-Role': 'admin' }), 403, 'forbidden'],
  ['two roles', () => ({ 'X-Quilt-User-Role': [role, role] }), 400, 'invalid_input'],
  [
    'another catalog than the token is for',
    () => ({ 'X-Quilt-Catalog-URL': world.other.stack.registryUrl }),
    403,
    'forbidden',
  ],
  ['a catalog that is not allowed', () => ({ 'X-Quilt-Catalog-URL': 'https://evil.example.com' }), 403, 'forbidden'],
  ['the metadata service for a catalog', () => ({ 'X-Quilt-Catalog-URL': 'http://169.254.169.254' }), 403, 'forbidden'],
  [
    'two catalogs',
    () => ({ 'X-Quilt-Catalog-URL': ['https://a.example.com', 'https://b.example.com'] }),
    400,
    'invalid_input',
  ],
  ['a foreign host', () => ({ 'X-Forwarded-Host': 'evil.example.com', Host: 'evil.example.com' }), 403, 'forbidden'],
  ['two hosts', () => ({ Host: [new URL(world.server.origin).host, 'evil.example.com'] }), 400, 'invalid_input'],
  ['a foreign page', () => ({ Origin: 'https://evil.example.com' }), 403, 'forbidden'],
])('refuses a good token that comes with %s', async (_what, headers, status, code) => {
  expect(await send(world, { ...bearer(world.token()), ...headers() })).toMatchObject({
    status,
    body: { error: { code } },
  })
})

it('refuses a role that the token lists, on a server that assumes none', async () => {
  expect(await send(world, { ...bearer(world.token({ roles: [role] })), 'X-Quilt-User-Role': role })).toMatchObject({
    status: 403,
    body: { error: { message: 'this server assumes no roles' } },
  })
})
