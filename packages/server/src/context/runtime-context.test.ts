import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createLog } from './log.js'
import {
  clearRuntimeAuth,
  getRuntimeAuth,
  getRuntimeContext,
  type RuntimeAuth,
  runInContext,
  setRuntimeAuth,
  updateRuntimeMetadata,
} from './runtime-context.js'

const auth = (accessToken: string): RuntimeAuth => ({ scheme: 'bearer', accessToken, claims: {}, extras: {} })
const context = (requestId: string) => ({
  environment: 'web-jwt' as const,
  auth: auth(requestId),
  metadata: {},
  requestId,
  signal: new AbortController().signal,
  log: createLog('silent'),
})

describe('the runtime context', () => {
  it('is there inside, and nowhere else', async () => {
    expect(getRuntimeAuth()).toBeUndefined()
    expect(() => getRuntimeContext()).toThrow(expect.objectContaining({ code: 'internal' }))
    await runInContext(context('a'), async () => {
      await turn()
      expect(getRuntimeContext().requestId).toBe('a')
    })
    expect(getRuntimeAuth()).toBeUndefined()
  })

  it('restores the outer context after an inner one, also when that throws', () => {
    runInContext(context('outer'), () => {
      expect(() =>
        runInContext(context('inner'), () => {
          setRuntimeAuth(auth('changed'))
          throw new Error('inner')
        }),
      ).toThrow('inner')
      expect(getRuntimeAuth()?.accessToken).toBe('outer')
    })
  })

  it('changes the credential and the metadata of this context alone', () => {
    runInContext(context('a'), () => {
      updateRuntimeMetadata({ one: 1 })
      updateRuntimeMetadata({ two: 2 })
      expect(getRuntimeContext().metadata).toEqual({ one: 1, two: 2 })
      clearRuntimeAuth()
      expect(getRuntimeAuth()).toBeUndefined()
    })
    runInContext(context('b'), () =>
      expect(getRuntimeContext()).toMatchObject({ metadata: {}, auth: { accessToken: 'b' } }),
    )
  })

  it('never mixes requests that run at the same time', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `request-${index}`)
    const seen = await Promise.all(
      ids.map((id, index) =>
        runInContext(context(id), async () => {
          for (let step = 0; step < index % 7; step++) await turn()
          setRuntimeAuth(auth(`${id}!`))
          await turn()
          return getRuntimeAuth()?.accessToken
        }),
      ),
    )
    expect(seen).toEqual(ids.map((id) => `${id}!`))
  })
})
