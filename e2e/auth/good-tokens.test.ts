// The auth table, first part: tokens that are good, each over real HTTP.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AuthWorld, anAuthWorld, bearer, publicUrl, secrets, send, toolCall } from './auth-world.js'
import { hmacToken, inSeconds, signedToken } from './tokens.js'

let world: AuthWorld
beforeAll(async () => {
  world = await anAuthWorld()
})
afterAll(() => world.close())

const buckets = Array.from({ length: 32 }, (_, index) => `lab-${index}`)

it.each<[string, () => string]>([
  ['an API key', () => world.home.ada.apiKey],
  ['a catalog session token', () => world.home.ada.sessionToken],
  ['a platform token of the first secret', () => world.token()],
  ['a platform token of the second secret', () => hmacToken(world.claims(), secrets.two, { kid: 'two' })],
  ['a platform token of an RSA key', () => signedToken(world.claims(), world.keys.rsa)],
  ['a platform token of an elliptic key', () => signedToken(world.claims(), world.keys.ec)],
  ['a platform token of an Edwards key', () => signedToken(world.claims(), world.keys.ed)],
  [
    'one with several audiences, ours among them',
    () => world.token({ aud: ['https://x.example.com', 'https://quilt-mcp.example.com'] }),
  ],
  ['one whose subject has another name', () => world.token({ sub: undefined, user_id: 'ada' })],
  ['one that is used from now on, by a clock that is a little behind', () => world.token({ nbf: inSeconds(10) })],
  ['one that names people in any script', () => world.token({ username: 'Ада 🧬 ‮abc', sub: 'ада' })],
  ['one with 32 buckets', () => world.token({ buckets })],
  ['a compressed one', () => world.token({ s: 'w', p: ['g', 'l'], b: { _type: 'groups', _data: { lab: ['a'] } } })],
  ['one of almost 16 KB', () => world.token({ padding: 'x'.repeat(11_500) })],
  ['an access token for the hosted path', () => signedToken(world.accessClaims(), world.keys.oauth)],
  [
    'an access token for our path',
    () => signedToken(world.accessClaims({ aud: `${publicUrl}/mcp` }), world.keys.oauth),
  ],
  [
    'an access token with several scopes',
    () => signedToken(world.accessClaims({ scope: 'openid platform' }), world.keys.oauth),
  ],
])('takes %s', async (_what, token) => {
  expect(await send(world, bearer(token()))).toMatchObject({ status: 200, body: { result: {} } })
})

it('takes the scheme in any case', async () => {
  expect((await send(world, { Authorization: `bEaReR ${world.token()}` })).status).toBe(200)
})

it('serves a platform token by the catalog token in it, at the registry it is for', async () => {
  const { body } = await send(world, bearer(world.token()), { message: toolCall('bucket_list') })
  expect(body).toMatchObject({ result: { structuredContent: { buckets: [{ name: 'lab-a' }] } } })
})

it('tells the environment of the request from its verified token alone', async () => {
  const { body } = await send(world, bearer(world.token()), { message: toolCall('catalog_status') })
  expect(body).toMatchObject({ result: { structuredContent: { signed_in: true, backend: 'platform', user: 'ada' } } })
})
