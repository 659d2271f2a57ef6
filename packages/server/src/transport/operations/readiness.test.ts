import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { createReadiness } from './readiness.js'

const time = { ms: 0 }
const now = () => time.ms

/** A readiness over a registry that can be switched off, and how often it was asked. */
const withRegistry = () => {
  const registry = { isDown: false, asked: 0 }
  const down = () => new QuiltError('upstream', 'the registry is down')
  const probe = async () => {
    registry.asked++
    await Promise.resolve()
    if (registry.isDown) throw down()
  }
  return { registry, readiness: createReadiness({ probe, now }) }
}

describe('readiness', () => {
  it('is what the registry says, remembered for 5 s', async () => {
    const { registry, readiness } = withRegistry()
    expect(await readiness.check()).toBeUndefined()
    registry.isDown = true
    time.ms += 4999
    expect(await readiness.check()).toBeUndefined()
    time.ms += 1
    expect(await readiness.check()).toMatchObject({ code: 'upstream', message: 'the registry is down' })
    registry.isDown = false
    expect(await readiness.check()).toMatchObject({ code: 'upstream' })
    time.ms += 5000
    expect(await readiness.check()).toBeUndefined()
    expect(registry.asked).toBe(3)
  })

  it('is asked of the registry once by those who ask together', async () => {
    const { registry, readiness } = withRegistry()
    await Promise.all(Array.from({ length: 50 }, () => readiness.check()))
    expect(registry.asked).toBe(1)
  })

  it('is not there when the registry does not answer in time, even if the probe does not stop', async () => {
    const signals: AbortSignal[] = []
    const probe = (signal: AbortSignal) => {
      signals.push(signal)
      return new Promise(() => {})
    }
    const problem = await createReadiness({ probe, now, timeoutMs: 20 }).check()
    expect(problem).toMatchObject({ code: 'timeout', hint: expect.stringContaining('registry') })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  it('ends when the server is being stopped, for those who are waiting too', async () => {
    const { registry, readiness } = withRegistry()
    const waiting = readiness.check()
    readiness.drain()
    const stopping = { code: 'upstream', message: 'this server is being stopped' }
    expect([await waiting, await readiness.check()]).toMatchObject([stopping, stopping])
    expect(registry.asked).toBe(1)
  })
})
