import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createLocalJWKSet, exportJWK, type JWTHeaderParameters, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { rotatingSecrets } from './rotating-secrets.js'
import { secretText } from './secret-source.js'
import { createJwtVerifier } from './verify-jwt.js'

const secret = 'a secret of more than thirty-two bytes'
const other = 'another secret of thirty-two bytes or more'
const nowMs = Date.parse('2026-11-21T12:00:00Z')
const nowSeconds = nowMs / 1_000
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const edwards = generateKeyPairSync('ed25519')
const keySet = createLocalJWKSet({
  keys: [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa' },
    { ...(await exportJWK(elliptic.publicKey)), kid: 'ec' },
    { ...(await exportJWK(edwards.publicKey)), kid: 'ed', alg: 'EdDSA' },
  ],
})
const verify = createJwtVerifier({
  secrets: await rotatingSecrets({ source: secretText(JSON.stringify({ '': secret, k2: other })) }),
  keySet,
  issuer: 'https://issuer.example',
  audience: 'https://mcp.example/mcp',
  now: () => nowMs,
})

interface Made {
  readonly header?: Partial<JWTHeaderParameters>
  readonly claims?: Record<string, unknown>
  readonly key?: KeyObject | Uint8Array
}

const good = { sub: 'ada', iss: 'https://issuer.example', aud: 'https://mcp.example/mcp', exp: nowSeconds + 60 }

/** A good token, but for what is named. */
function token({ header = {}, claims = {}, key = Buffer.from(secret) }: Made = {}): Promise<string> {
  const payload = Object.fromEntries(Object.entries({ ...good, ...claims }).filter(([, value]) => value !== undefined))
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', ...header }).sign(key)
}

const unsigned = (header: object, claims: object = good): string =>
  `${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`

describe('a good token', () => {
  it.each<[string, Made]>([
    ['HS256 without a key id', {}],
    ['HS256 with a key id', { header: { kid: 'k2' }, key: Buffer.from(other) }],
    ['RS256', { header: { alg: 'RS256', kid: 'rsa' }, key: rsa.privateKey }],
    ['ES256', { header: { alg: 'ES256', kid: 'ec' }, key: elliptic.privateKey }],
    ['EdDSA', { header: { alg: 'EdDSA', kid: 'ed' }, key: edwards.privateKey }],
    ['our audience among others', { claims: { aud: ['https://other', 'https://mcp.example/mcp'] } }],
    ['clocks that differ by seconds', { claims: { exp: nowSeconds - 20, nbf: nowSeconds + 20 } }],
  ])('is verified: %s', async (_what, made) => {
    expect(await verify(await token(made))).toMatchObject({ payload: { sub: 'ada' } })
  })

  it('comes with what verified it: a secret or a public key', async () => {
    expect(await verify(await token())).toEqual({ payload: good, by: 'secret' })
    expect(await verify(await token({ header: { alg: 'ES256', kid: 'ec' }, key: elliptic.privateKey }))).toEqual({
      payload: good,
      by: 'public',
    })
  })
})

describe('what is none of ours', () => {
  it.each<[string, Made]>([
    ['signed with another secret', { key: Buffer.from(other) }],
    ['a key id nobody knows', { header: { kid: 'k9' } }],
    ['expired', { claims: { exp: nowSeconds - 31 } }],
    ['without an end', { claims: { exp: undefined } }],
    ['not yet valid', { claims: { nbf: nowSeconds + 60 } }],
    ['of another issuer', { claims: { iss: 'https://evil.example' } }],
    ['without an issuer', { claims: { iss: undefined } }],
    ['for another audience', { claims: { aud: 'https://other' } }],
    ['for no audience', { claims: { aud: undefined } }],
    ['an algorithm that is not allowed', { header: { alg: 'HS512' }, key: Buffer.alloc(64, secret) }],
    [
      'the public key as a secret',
      { header: { alg: 'HS256', kid: 'rsa' }, key: Buffer.from(rsa.publicKey.export({ type: 'spki', format: 'pem' })) },
    ],
    ['a key of another type than its id says', { header: { alg: 'ES256', kid: 'rsa' }, key: elliptic.privateKey }],
    ['its own address of keys', { header: { jku: 'https://evil.example/jwks' } }],
    ['its own certificate address', { header: { x5u: 'https://evil.example/x' } }],
    ['its own certificate', { header: { x5c: ['MIIB'] } }],
  ])('is refused: %s', async (_what, made) => {
    expect(await verify(await token(made))).toBeUndefined()
  })

  it('is refused: its own key', async () => {
    const mine = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const jwk = await exportJWK(mine.publicKey)
    expect(
      await verify(await token({ header: { alg: 'RS256', jwk, kid: 'rsa' }, key: mine.privateKey })),
    ).toBeUndefined()
  })

  it.each([
    ['alg none', unsigned({ alg: 'none' })],
    ['alg none in capitals', unsigned({ alg: 'NONE' })],
    ['no algorithm', unsigned({})],
    ['no JSON', 'e30.x.y'],
    ['no token', 'qk_abc'],
    ['nothing', ''],
  ])('is refused: %s', async (_what, text) => {
    expect(await verify(text)).toBeUndefined()
  })

  it('is refused: one character less, and one changed', async () => {
    const text = await token()
    const [header = '', payload = '', signature = ''] = text.split('.')
    const raised = Buffer.from(JSON.stringify({ ...good, sub: 'admin' })).toString('base64url')
    expect(await verify(text.slice(0, -4))).toBeUndefined()
    expect(await verify(`${header}.${raised}.${signature}`)).toBeUndefined()
    expect(await verify(`${header}.${payload}`)).toBeUndefined()
  })
})

it('refuses to verify with nothing', () => {
  expect(() => createJwtVerifier({})).toThrow(expect.objectContaining({ code: 'invalid_input' }))
})
