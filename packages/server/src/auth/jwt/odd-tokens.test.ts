// Tokens that no honest issuer makes. What is odd in their claims: odd-claims.test.ts.
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import fc from 'fast-check'
import { CompactEncrypt, createLocalJWKSet, exportJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { encoded, handmadeToken, hmac, hs256, type Signature, secret } from '../test/handmade-token.js'
import { rotatingSecrets } from './rotating-secrets.js'
import { secretText } from './secret-source.js'
import { createJwtVerifier } from './verify-jwt.js'

const nowMs = Date.parse('2026-11-21T12:00:00Z')
const nowSeconds = nowMs / 1_000
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const rsaJwk = { ...(await exportJWK(rsa.publicKey)), kid: 'rsa' }
const keySet = createLocalJWKSet({ keys: [rsaJwk] })
const secrets = await rotatingSecrets({ source: secretText(secret) })
const verify = createJwtVerifier({ secrets, keySet, now: () => nowMs })
const onlyPublic = createJwtVerifier({ keySet, now: () => nowMs })

const good = { sub: 'ada', exp: nowSeconds + 60 }
const token = (header: unknown, payload: unknown = good, signature = hmac(secret)): string =>
  handmadeToken(header, payload, signature)
const rs256 =
  (key: KeyObject): Signature =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, padding: constants.RSA_PKCS1_PADDING })

it('a token put together by hand is as good as any', async () => {
  expect(await verify(token(hs256))).toEqual({ payload: good, by: 'secret' })
  expect(await verify(token({ alg: 'RS256', kid: 'rsa' }, good, rs256(rsa.privateKey)))).toEqual({
    payload: good,
    by: 'public',
  })
})

describe('a public key that is used as a secret', () => {
  const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const der = rsa.publicKey.export({ type: 'spki', format: 'der' })
  it.each<[string, string | Buffer]>([
    ['PEM', pem],
    ['PEM without its last line end', pem.trimEnd()],
    ['PKCS 1', rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })],
    ['DER', der],
    ['JWK', JSON.stringify(rsaJwk)],
    ['modulus', Buffer.from(rsaJwk.n ?? '', 'base64url')],
  ])('opens nothing: %s', async (_form, key) => {
    for (const kid of ['rsa', undefined]) {
      expect(await verify(token({ ...hs256, kid }, good, hmac(key)))).toBeUndefined()
      expect(await onlyPublic(token({ ...hs256, kid }, good, hmac(key)))).toBeUndefined()
    }
  })

  it('opens nothing under the name of its own algorithm', async () => {
    expect(await verify(token({ alg: 'RS256', kid: 'rsa' }, good, hmac(pem)))).toBeUndefined()
  })
})

describe('an algorithm', () => {
  it.each<[string, unknown, Signature?]>([
    ['none', 'none', () => Buffer.alloc(0)],
    ['none, signed', 'none'],
    ['nOnE', 'nOnE', () => Buffer.alloc(0)],
    ['nothing', '', () => Buffer.alloc(0)],
    ['null', null],
    ['a list', ['HS256']],
    ['a number', 256],
    ['HS256 in small letters', 'hs256'],
    ['HS256 with a space', 'HS256 '],
    ['a longer HMAC', 'HS512', hmac(secret, 'sha512')],
    ['encryption', 'dir'],
    ['a name of every object', 'constructor'],
  ])('that is not allowed opens nothing: %s', async (_what, alg, signature = hmac(secret)) => {
    expect(await verify(token({ alg }, good, signature))).toBeUndefined()
  })
})

describe('a header', () => {
  it.each<[string, unknown]>([
    ['critical extensions that we understand', { ...hs256, crit: ['exp'], exp: 1 }],
    ['critical extensions that nobody knows', { ...hs256, crit: ['x'], x: 1 }],
    ['none of them', { ...hs256, crit: [] }],
    ['a payload that is not encoded', { ...hs256, b64: false, crit: ['b64'] }],
    ['the same, not marked critical', { ...hs256, b64: false }],
    ['compression', { ...hs256, zip: 'DEF' }],
    ['its own key', { ...hs256, jwk: { kty: 'oct', k: encoded(secret) } }],
    ['its own key, empty', { ...hs256, jwk: null }],
    ['where to fetch keys', { ...hs256, jku: 'http://169.254.169.254/' }],
    ['where to fetch a certificate', { ...hs256, x5u: 'http://169.254.169.254/' }],
    ['a list', [hs256]],
    ['a text', '"HS256"'],
    ['null', 'null'],
    ['no JSON', '{"alg":"HS256"'],
    ['more than JSON', '{"alg":"HS256"} '.repeat(2)],
  ])('is refused with %s', async (_what, header) => {
    expect(await verify(token(header))).toBeUndefined()
  })

  it('that says a thing twice means the last, for all who read it here', async () => {
    expect(await verify(token('{"alg":"none","alg":"HS256"}'))).toBeDefined()
    expect(await verify(token('{"alg":"HS256","alg":"none"}'))).toBeUndefined()
    expect(await verify(token('{"alg":"HS256","jwk":{},"jwk":null}'))).toBeUndefined()
  })

  it.each([
    { kid: 7 },
    { kid: { $ne: 1 } },
    { kid: '../../dev/null' },
    { kid: "' or 1=1" },
    { kid: 'k'.repeat(8_000) },
  ])('with a strange key id finds no public key: %j', async (strange) => {
    expect(await onlyPublic(token({ alg: 'RS256', ...strange }, good, rs256(rsa.privateKey)))).toBeUndefined()
  })
})

describe('a text that is no token of three parts', () => {
  const [header = '', payload = '', signature = ''] = token(hs256).split('.')
  it.each([
    '',
    '.',
    '..',
    '...',
    `.${payload}.${signature}`,
    `${header}..${signature}`,
    `${header}.${payload}.`,
    `${header}.${payload}`,
    `${header}.${payload}.${signature}.`,
    `${header}.${payload}.${signature}.${signature}`,
    `${header}.${payload}.${signature}=`,
    `${header}.${payload}.${signature}\n`,
    ` ${header}.${payload}.${signature}`,
    `${header}.${payload}.${signature.slice(0, -1)}`,
    `${header}.${payload}.🐍`,
    'qk_0123456789abcdef',
  ])('is none of ours: %j', async (text) => {
    expect(await verify(text)).toBeUndefined()
  })

  it('is none of ours: a token that is encrypted, though for us', async () => {
    const nested = await new CompactEncrypt(Buffer.from(token(hs256)))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'rsa', cty: 'JWT' })
      .encrypt(rsa.publicKey)
    expect(await verify(nested)).toBeUndefined()
  })

  it('is none of ours, and harms nobody, whatever it is', async () => {
    const anyPart = fc.oneof(fc.string(), fc.base64String(), fc.json().map(encoded), fc.constant(header))
    const anyToken = fc.array(anyPart, { maxLength: 6 }).map((parts) => parts.join('.'))
    await fc.assert(
      fc.asyncProperty(anyToken, async (text) => {
        expect(await verify(text)).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })
})

it('a token has one spelling', async () => {
  const text = token(hs256)
  const taken = await Promise.all(
    [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map(async (last) => {
      const other = `${text.slice(0, -1)}${last}`
      return (await verify(other)) === undefined ? [] : [other]
    }),
  )
  expect(taken.flat()).toEqual([text])
})

describe('the length of a token', () => {
  const tokenOf = (length: number): string => {
    const claims = (filler: number) => ({ ...good, buckets: 'b'.repeat(filler) })
    const short = token(hs256, claims(0)).length
    return token(hs256, claims(Math.floor(((length - short) * 3) / 4)))
  }

  it('may be 16 KiB', async () => {
    const long = tokenOf(16_384)
    expect(long.length).toBeGreaterThan(16_380)
    expect(long.length).toBeLessThanOrEqual(16_384)
    expect(await verify(long)).toBeDefined()
  })

  it('may not be more: nobody looks for its key', async () => {
    let asked = 0
    const counting = createJwtVerifier({
      secrets: {
        find: async () => {
          asked++
          return undefined
        },
        findOther: async () => undefined,
      },
      now: () => nowMs,
    })
    expect(await counting(tokenOf(16_390))).toBeUndefined()
    expect(asked).toBe(0)
    expect(await counting(tokenOf(16_000))).toBeUndefined()
    expect(asked).toBe(1)
  })
})
