import { generateKeyPairSync } from 'node:crypto'
import { exportJWK, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { rotatingKeySet } from './key-set.js'

async function keyPair(kid: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const token = await new SignJWT({ sub: kid })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setExpirationTime('1h')
    .sign(privateKey)
  return { jwk: { ...(await exportJWK(publicKey)), kid }, token }
}

const [first, second] = [await keyPair('one'), await keyPair('two')]

/** An issuer whose keys and health are set by hand. */
function issuer() {
  const state = { keys: [first.jwk] as object[], down: false, asked: 0, nowMs: 0 }
  const keys = rotatingKeySet({
    fetch: async () => {
      state.asked++
      if (state.down) throw new Error('no answer')
      return { keys: state.keys }
    },
    now: () => state.nowMs,
  })
  const subjectOf = async (token: string) => (await jwtVerify(token, keys)).payload.sub
  return { state, subjectOf }
}

describe('the keys of an issuer', () => {
  it('are fetched once for many tokens', async () => {
    const { state, subjectOf } = issuer()
    expect(await Promise.all([subjectOf(first.token), subjectOf(first.token)])).toEqual(['one', 'one'])
    expect(await subjectOf(first.token)).toBe('one')
    expect(state.asked).toBe(1)
  })

  it('are fetched again for a key that is new, and not for each one that nobody knows', async () => {
    const { state, subjectOf } = issuer()
    await subjectOf(first.token)
    await expect(subjectOf(second.token)).rejects.toThrow()
    expect(state.asked).toBe(1)
    state.nowMs = 30_000
    state.keys = [first.jwk, second.jwk]
    expect(await subjectOf(second.token)).toBe('two')
    expect(state.asked).toBe(2)
  })

  it('go on serving while the issuer does not answer, for a day', async () => {
    const { state, subjectOf } = issuer()
    await subjectOf(first.token)
    state.down = true
    state.nowMs = 86_399_999
    expect(await subjectOf(first.token)).toBe('one')
    state.nowMs = 172_800_000
    await expect(subjectOf(first.token)).rejects.toMatchObject({ code: 'upstream' })
  })

  it('are asked for again once the issuer answers', async () => {
    const { state, subjectOf } = issuer()
    state.down = true
    await expect(subjectOf(first.token)).rejects.toMatchObject({ code: 'upstream' })
    state.down = false
    await expect(subjectOf(first.token)).rejects.toMatchObject({ code: 'upstream' })
    state.nowMs = 30_000
    expect(await subjectOf(first.token)).toBe('one')
    expect(state.asked).toBe(2)
  })

  it('lose a key that the issuer takes back', async () => {
    const { state, subjectOf } = issuer()
    await subjectOf(first.token)
    state.keys = [second.jwk]
    state.nowMs = 600_000
    await subjectOf(first.token)
    await new Promise(setImmediate)
    await expect(subjectOf(first.token)).rejects.toThrow()
  })

  it('are never secrets', async () => {
    const { state, subjectOf } = issuer()
    state.keys = [{ kty: 'oct', k: Buffer.from('x'.repeat(32)).toString('base64url'), kid: 's' }]
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'HS256', kid: 's' }).sign(Buffer.from('x'.repeat(32)))
    await expect(subjectOf(token)).rejects.toThrow()
  })
})
