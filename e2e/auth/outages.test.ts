// The auth table, fifth part: who could verify a token does not answer. Nobody gets in for that, and no good token is called bad.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type FaultProxy, faultProxy } from '../fault-proxy.js'
import { type AuthWorld, anAuthWorld, bearer, send } from './auth-world.js'
import { signedToken } from './tokens.js'

let world: AuthWorld
let registry: FaultProxy
beforeEach(async () => {
  world = await anAuthWorld(async ({ stack }) => {
    registry = await faultProxy(stack.registryUrl)
    return { QUILT_REGISTRY_URL: registry.url }
  })
})
afterEach(async () => {
  await world.close()
  await registry.close()
})

const unavailable = { status: 503, body: { error: { code: 'upstream', retryable: true } } }
const access = () => signedToken(world.accessClaims(), world.keys.oauth)

it('answers 503 to a key that cannot be checked, and goes on verifying what it can verify itself', async () => {
  registry.play({ kind: 'status', status: 503 })
  expect(await send(world, bearer(world.home.ada.apiKey))).toMatchObject(unavailable)
  expect((await send(world, bearer(world.token()))).status).toBe(200)
  expect((await send(world, bearer(signedToken(world.claims(), world.keys.ec)))).status).toBe(200)
  registry.play(undefined)
  expect((await send(world, bearer(world.home.ada.apiKey))).status).toBe(200)
})

it('serves a key for a while that was good a moment ago', async () => {
  expect((await send(world, bearer(world.home.ada.apiKey))).status).toBe(200)
  registry.play({ kind: 'status', status: 503 })
  expect((await send(world, bearer(world.home.ada.apiKey))).status).toBe(200)
  expect(await send(world, bearer(world.home.grace.apiKey))).toMatchObject(unavailable)
})

it('takes no answer for a good one that is half an answer', async () => {
  for (const kind of ['errors-beside-data', 'truncated'] as const) {
    registry.play({ kind })
    expect(await send(world, bearer(world.home.ada.apiKey))).toMatchObject({ status: 503 })
  }
})

it('answers 503 to tokens by keys that cannot be had, and serves all others', async () => {
  world.platformKeys.isDown = true
  world.oauthKeys.isDown = true
  expect(await send(world, bearer(signedToken(world.claims(), world.keys.rsa)))).toMatchObject(unavailable)
  expect(await send(world, bearer(access()))).toMatchObject(unavailable)
  expect((await send(world, bearer(world.token()))).status).toBe(200)
  expect((await send(world, bearer(world.home.ada.apiKey))).status).toBe(200)
})

it('goes on verifying by keys that it had when their issuer stopped answering', async () => {
  for (const isDown of [false, true]) {
    world.platformKeys.isDown = isDown
    world.oauthKeys.isDown = isDown
    expect((await send(world, bearer(signedToken(world.claims(), world.keys.rsa)))).status).toBe(200)
    expect((await send(world, bearer(access()))).status).toBe(200)
  }
})

it('is alive without its registry, and says that it is not ready', async () => {
  registry.play({ kind: 'status', status: 503 })
  expect((await fetch(`${world.server.origin}/healthz`)).status).toBe(200)
  const ready = await fetch(`${world.server.origin}/readyz`)
  expect([ready.status, await ready.json()]).toMatchObject([503, { error: { code: 'upstream' } }])
})
