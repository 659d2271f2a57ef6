// Claims that are rightly signed, and odd.
import { describe, expect, it } from 'vitest'
import { handmadeToken, hs256, secret } from '../test/handmade-token.js'
import { rotatingSecrets } from './rotating-secrets.js'
import { secretText } from './secret-source.js'
import { createJwtVerifier } from './verify-jwt.js'

const nowMs = Date.parse('2026-11-21T12:00:00Z')
const nowSeconds = nowMs / 1_000
const good = { sub: 'ada', exp: nowSeconds + 60 }
const verify = createJwtVerifier({
  secrets: await rotatingSecrets({ source: secretText(secret) }),
  now: () => nowMs,
})
const verifyClaims = (payload: unknown) => verify(handmadeToken(hs256, payload))

describe('times', () => {
  it.each<[string, string]>([
    ['an end as text', `{"exp":"${nowSeconds + 60}"}`],
    ['an end as null', '{"exp":null}'],
    ['an end in a list', `{"exp":[${nowSeconds + 60}]}`],
    ['an end that is true', '{"exp":true}'],
    ['an end beyond all dates', '{"exp":8640000000001}'],
    ['an end beyond all numbers', '{"exp":1e999}'],
    ['an end before all dates', '{"exp":-1e999}'],
    ['an end in milliseconds of the past', '{"exp":0}'],
    ['an end that is said twice, the last in the past', `{"exp":${nowSeconds + 60},"exp":1}`],
    ['a beginning in the future', `{"exp":${nowSeconds + 99},"nbf":${nowSeconds + 31}}`],
    ['a beginning as text', `{"exp":${nowSeconds + 60},"nbf":"0"}`],
    ['issued in the future', `{"exp":${nowSeconds + 99},"iat":${nowSeconds + 31}}`],
    ['issued as text', `{"exp":${nowSeconds + 60},"iat":"0"}`],
  ])('are refused: %s', async (_what, payload) => {
    expect(await verifyClaims(payload)).toBeUndefined()
  })

  it.each<[string, string]>([
    ['the last second of all dates', '{"exp":8640000000000}'],
    ['a fraction of a second', `{"exp":${nowSeconds + 0.5}}`],
    ['issued by a clock that is ahead by seconds', `{"exp":${nowSeconds + 60},"iat":${nowSeconds + 30}}`],
    ['issued long ago', `{"exp":${nowSeconds + 60},"iat":0}`],
  ])('are taken: %s', async (_what, payload) => {
    expect(await verifyClaims(payload)).toBeDefined()
  })
})

describe('claims', () => {
  it('are read to the letter in every script', async () => {
    const claims = { ...good, sub: 'Ада 𝒜 🐍\u202e', name: '\u0000"\\', ключ: ['é', 'e\u0301'] }
    expect(await verifyClaims(claims)).toEqual({ payload: claims, by: 'secret' })
  })

  it('that are called like a part of every object stay claims', async () => {
    const verified = await verifyClaims(`{"exp":${good.exp},"__proto__":{"sub":"admin"},"constructor":1}`)
    expect(verified?.payload.sub).toBeUndefined()
    expect(Object.getPrototypeOf(verified?.payload)).toBe(Object.prototype)
  })

  it.each<[string, string]>([
    ['a token in the token', handmadeToken(hs256, good)],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"ada"'],
    ['nothing', ''],
    ['no JSON', `{"exp":${nowSeconds + 60}`],
  ])('are refused: %s', async (_what, payload) => {
    expect(await verify(handmadeToken({ ...hs256, cty: 'JWT' }, payload))).toBeUndefined()
  })
})
