import { describe, expect, it } from 'vitest'
import { signerOf } from '../test/signer.js'
import { type Answer, smallServer, testHttp } from '../test/small-server.js'
import { jwksFetch } from './jwks-fetch.js'
import { rotatingKeySet } from './key-set.js'
import { createJwtVerifier } from './verify-jwt.js'

const [first, second] = [await signerOf('one'), await signerOf('two')]

/** A verifier with the keys of a server, whose clock a test sets. */
async function issuer(answer: Answer) {
  const server = await smallServer(answer)
  const state = { nowMs: Date.now() }
  const now = () => state.nowMs
  const keySet = rotatingKeySet({ fetch: jwksFetch({ url: `${server.url}/keys?v=1`, http: testHttp() }), now })
  const verify = createJwtVerifier({ keySet, now })
  const subjectOf = async (token: Promise<string>) => (await verify(await token))?.payload.sub
  return { server, state, subjectOf }
}

const keys =
  (...jwks: readonly object[]): Answer =>
  () => ({ body: { keys: jwks } })

describe('the keys at an address', () => {
  it('are fetched once, and again when one is new', async () => {
    const { server, state, subjectOf } = await issuer(keys(first.jwk))
    expect(await subjectOf(first.sign({ sub: 'ada' }))).toBe('ada')
    server.answer(keys(first.jwk, second.jwk))
    expect(await subjectOf(second.sign({ sub: 'bob' }))).toBeUndefined()
    state.nowMs += 30_000
    expect(await subjectOf(second.sign({ sub: 'bob' }))).toBe('bob')
    expect(server.asked.map(({ line }) => line)).toEqual(['GET /keys?v=1', 'GET /keys?v=1'])
  })

  it('serve on when the server is gone', async () => {
    const { server, state, subjectOf } = await issuer(keys(first.jwk))
    await subjectOf(first.sign({ sub: 'ada' }))
    server.answer(() => 'hang up')
    state.nowMs += 1_200_000
    expect(await subjectOf(first.sign({ sub: 'ada' }))).toBe('ada')
    expect(await subjectOf(second.sign({ sub: 'bob' }))).toBeUndefined()
  })

  it.each<[string, Answer]>([
    ['no answer', () => 'hang up'],
    ['an error', () => ({ status: 500 })],
    ['nothing there', () => ({ status: 404 })],
    ['a redirect', () => ({ status: 302, headers: { location: '/other' } })],
    ['a web page', () => ({ headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' })],
    ['JSON of other things', () => ({ body: { keys: { kty: 'EC' } } })],
    ['half of it', () => ({ body: '{"keys": [' })],
    ['more than 256 KiB', () => ({ body: { keys: [first.jwk], more: 'x'.repeat(262_144) } })],
    ['more than 100 keys', keys(...Array.from({ length: 101 }, () => first.jwk))],
  ])('are not to be had: %s', async (_what, answer) => {
    const { server, subjectOf } = await issuer(answer)
    await expect(subjectOf(first.sign({ sub: 'ada' }))).rejects.toMatchObject({
      code: 'upstream',
      message: 'the keys of the token issuer cannot be had',
    })
    expect(server.asked.every(({ line }) => line === 'GET /keys?v=1')).toBe(true)
  })
})
