// The auth table, second part: tokens that are not good. Each is 401 with the same words, whatever is wrong with it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AuthWorld, anAuthWorld, bearer, publicUrl, secrets, send } from './auth-world.js'
import { hmacToken, inSeconds, keyPair, publicJwk, signedToken, unsignedToken } from './tokens.js'

let world: AuthWorld
beforeAll(async () => {
  world = await anAuthWorld()
})
afterAll(() => world.close())

const foreign = { rsa: keyPair('rsa-1', 'RS256'), ec: keyPair('ec-1', 'ES256') }
const parts = (token: string) => token.split('.') as [string, string, string]
/** The public key as a forger would use it for a shared secret. */
const publicPem = () => world.keys.rsa.publicKey.export({ type: 'spki', format: 'pem' })

const rows: readonly (readonly [string, () => string])[] = [
  ['alg none', () => unsignedToken({ alg: 'none' }, world.claims())],
  ['alg None', () => unsignedToken({ alg: 'None', kid: 'one' }, world.claims())],
  [
    'alg NONE with the signature of another token',
    () => unsignedToken({ alg: 'NONE' }, world.claims(), parts(world.token())[2]),
  ],
  ['no alg', () => unsignedToken({ typ: 'JWT', kid: 'one' }, world.claims(), parts(world.token())[2])],
  ['an alg that nobody knows', () => hmacToken(world.claims(), secrets.one, { alg: 'HS1', kid: 'one' })],
  ['HS384 by the right secret', () => hmacToken(world.claims(), secrets.one, { alg: 'HS384', kid: 'one' }, 'sha384')],
  ['HS256 by the public key, as PEM', () => hmacToken(world.claims(), publicPem(), { kid: 'rsa-1' })],
  [
    'HS256 by the public key, as JWK',
    () => hmacToken(world.claims(), JSON.stringify(publicJwk(world.keys.rsa)), { kid: 'rsa-1' }),
  ],
  [
    'RS256 in the header, signed with the secret',
    () => hmacToken(world.claims(), secrets.one, { alg: 'RS256', kid: 'one' }),
  ],
  [
    'ES256 in the header of an RSA signature',
    () => signedToken(world.claims(), world.keys.rsa, { alg: 'ES256', kid: 'ec-1' }),
  ],
  ['an RSA key that was not published, under a known key id', () => signedToken(world.claims(), foreign.rsa)],
  ['an elliptic key that was not published, under a known key id', () => signedToken(world.claims(), foreign.ec)],
  ['its own key in jwk', () => signedToken(world.claims(), foreign.rsa, { jwk: publicJwk(foreign.rsa) })],
  [
    'its own key in jwk, and no key id',
    () => signedToken(world.claims(), foreign.rsa, { kid: undefined, jwk: publicJwk(foreign.rsa) }),
  ],
  [
    'the address of its own keys in jku',
    () => signedToken(world.claims(), foreign.rsa, { jku: 'https://evil.example.com/jwks' }),
  ],
  [
    'the address of its own certificate in x5u',
    () => signedToken(world.claims(), foreign.rsa, { x5u: 'https://evil.example.com/x' }),
  ],
  ['its own certificate in x5c', () => signedToken(world.claims(), foreign.rsa, { x5c: ['MIIB'] })],
  [
    'jku beside a good signature',
    () => signedToken(world.claims(), world.keys.rsa, { jku: 'https://evil.example.com/jwks' }),
  ],
  ['a critical extension that nobody knows', () => signedToken(world.claims(), world.keys.rsa, { crit: ['x'], x: 1 })],
  ['the wrong secret', () => hmacToken(world.claims(), 'x'.repeat(40), { kid: 'one' })],
  ['the secret of another key id', () => hmacToken(world.claims(), secrets.two, { kid: 'one' })],
  ['an empty secret', () => hmacToken(world.claims(), '', { kid: 'one' })],
  ['a key id that is not known', () => hmacToken(world.claims(), secrets.one, { kid: 'three' })],
  ['no key id', () => hmacToken(world.claims(), secrets.one)],
  ['a key id that leads elsewhere', () => hmacToken(world.claims(), '', { kid: '../../../../dev/null' })],
  ['a key id that every object has', () => hmacToken(world.claims(), secrets.one, { kid: '__proto__' })],
  ['a key id that is no text', () => hmacToken(world.claims(), secrets.one, { kid: ['one'] })],
  ['an end in the past', () => world.token({ exp: inSeconds(-60) })],
  ['no end', () => world.token({ exp: undefined })],
  ['an end that is a text', () => world.token({ exp: String(inSeconds(600)) })],
  ['an end that is null', () => world.token({ exp: null })],
  ['a beginning in the future', () => world.token({ nbf: inSeconds(600) })],
  ['a beginning that is a text', () => world.token({ nbf: 'now' })],
  ['another issuer', () => world.token({ iss: 'https://evil.example.com' })],
  ['an issuer that begins like ours', () => world.token({ iss: 'https://issuer.example.com.evil.com' })],
  ['no issuer', () => world.token({ iss: undefined })],
  ['another audience', () => world.token({ aud: 'https://other.example.com' })],
  ['no audience', () => world.token({ aud: undefined })],
  ['no subject', () => world.token({ sub: undefined })],
  ['a subject that is no text', () => world.token({ sub: 7 })],
  ['half a signature', () => world.token().slice(0, -20)],
  ['no signature', () => `${parts(world.token()).slice(0, 2).join('.')}.`],
  ['no third part', () => parts(world.token()).slice(0, 2).join('.')],
  ['a fourth part', () => `${world.token()}.e30`],
  [
    'half its claims',
    () =>
      parts(world.token())
        .map((part, at) => (at === 1 ? part.slice(0, -10) : part))
        .join('.'),
  ],
  [
    'the claims of another token',
    () => {
      const [header, , signature] = parts(world.token())
      return [header, parts(world.token({ sub: 'admin' }))[1], signature].join('.')
    },
  ],
  [
    'the header of another token',
    () => {
      const [, claims, signature] = parts(world.token())
      return [parts(hmacToken({}, secrets.two, { kid: 'two' }))[0], claims, signature].join('.')
    },
  ],
  [
    'an access token for somebody else',
    () => signedToken(world.accessClaims({ aud: 'https://other.example.com' }), world.keys.oauth),
  ],
  [
    'an access token for a path below ours',
    () => signedToken(world.accessClaims({ aud: `${publicUrl}/mcp/platform/x` }), world.keys.oauth),
  ],
  ['an access token for our host alone', () => signedToken(world.accessClaims({ aud: publicUrl }), world.keys.oauth)],
  [
    'an access token of another issuer',
    () => signedToken(world.accessClaims({ iss: 'https://evil.example.com' }), world.keys.oauth),
  ],
  ['an access token that is over', () => signedToken(world.accessClaims({ exp: inSeconds(-60) }), world.keys.oauth)],
  ['an access token by a key for platform tokens', () => signedToken(world.accessClaims(), world.keys.rsa)],
  ['a platform token by a key for access tokens', () => signedToken(world.claims(), world.keys.oauth)],
  ['an API key that nobody made', () => 'qk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['the name of nothing', () => 'null'],
]

describe.each(rows)('a token with %s', (_what, token) => {
  it('is refused', async () => {
    expect(await send(world, bearer(token()))).toMatchObject({
      status: 401,
      challenge: expect.stringContaining('error="invalid_token"'),
      body: { error: { code: 'unauthenticated', message: 'the token is unknown, expired or revoked' } },
    })
  })
})

it('refuses a key that was revoked', async () => {
  const key = world.home.stack.admin.apiKey('ada', { name: 'short-lived' })
  await fetch(`${world.home.stack.registryUrl}/graphql`, {
    method: 'POST',
    headers: { ...bearer(world.home.ada.apiKey), 'Content-Type': 'application/json' },
    body: JSON.stringify({
      query: 'mutation ($secret: String) { apiKeyRevoke(secret: $secret) { __typename } }',
      variables: { secret: key },
    }),
  })
  expect((await send(world, bearer(key))).status).toBe(401)
})

it('refuses a session that is over, however short ago it was good', async () => {
  const session = await world.home.stack.admin.sessionToken('ada', { seconds: 3 })
  expect((await send(world, bearer(session))).status).toBe(200)
  await new Promise((resolve) => setTimeout(resolve, 3_100))
  expect((await send(world, bearer(session))).status).toBe(401)
})
