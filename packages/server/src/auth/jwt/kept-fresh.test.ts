import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { type KeptFreshOptions, keptFresh } from './kept-fresh.js'

/** A value that a test changes, behind a door that it shuts. */
function source({ trustedForMs }: Pick<KeptFreshOptions<string>, 'trustedForMs'> = {}) {
  const state = { value: 'first', down: false, reads: 0, nowMs: 0, problems: [] as unknown[] }
  const kept = keptFresh({
    read: async () => {
      state.reads++
      if (state.down) throw new Error('no answer')
      return state.value
    },
    unavailable: (cause) => new QuiltError('upstream', 'nothing to be had', { cause }),
    trustedForMs,
    onProblem: (error) => state.problems.push(error),
    now: () => state.nowMs,
  })
  return { state, kept }
}

/** Lets a read in the background end. */
const settled = () => new Promise(setImmediate)

describe('a value kept fresh', () => {
  it('is read once for all who want it', async () => {
    const { state, kept } = source()
    expect(await Promise.all([kept.get(), kept.get(), kept.again()])).toEqual(['first', 'first', 'first'])
    expect(state.reads).toBe(1)
  })

  it('is read again in the background after ten minutes', async () => {
    const { state, kept } = source()
    await kept.get()
    state.value = 'second'
    state.nowMs = 599_999
    expect(await kept.get()).toBe('first')
    await settled()
    expect(state.reads).toBe(1)
    state.nowMs = 600_000
    expect(await kept.get()).toBe('first')
    await settled()
    expect(await kept.get()).toBe('second')
    expect(state.reads).toBe(2)
  })

  it('is waited for when nobody came for twenty minutes', async () => {
    const { state, kept } = source()
    await kept.get()
    state.value = 'second'
    state.nowMs = 1_200_000
    expect(await kept.get()).toBe('second')
  })

  it('is read again when asked to, at most every 30 s', async () => {
    const { state, kept } = source()
    await kept.get()
    state.value = 'second'
    state.nowMs = 29_999
    expect(await kept.again()).toBe('first')
    state.nowMs = 30_000
    expect(await kept.again()).toBe('second')
    expect(state.reads).toBe(2)
  })

  it('serves on through an outage, which is told once for each try and keeps nobody waiting', async () => {
    const { state, kept } = source()
    await kept.get()
    state.down = true
    state.nowMs = 1_200_000
    expect(await kept.get()).toBe('first')
    expect(await kept.get()).toBe('first')
    expect(await kept.again()).toBe('first')
    expect(state.problems).toEqual([new Error('no answer')])
    state.nowMs = 1_230_000
    expect(await kept.get()).toBe('first')
    await settled()
    expect(state.problems).toHaveLength(2)
  })

  it('keeps nobody waiting for a source that hangs, but the first who asks', async () => {
    const state = { nowMs: 0, release: () => {} }
    const answers = [Promise.resolve('first'), Promise.reject(new Error('no answer'))]
    const hanging = new Promise<string>((resolve) => {
      state.release = () => resolve('second')
    })
    const kept = keptFresh({
      read: () => answers.shift() ?? hanging,
      unavailable: (cause) => new QuiltError('upstream', 'nothing to be had', { cause }),
      now: () => state.nowMs,
    })
    await kept.get()
    state.nowMs = 1_200_000
    expect(await kept.get()).toBe('first')
    state.nowMs = 1_230_000
    expect(await Promise.all([kept.again(), kept.again(), kept.get()])).toEqual(['first', 'first', 'first'])
    state.release()
    await settled()
    expect(await kept.get()).toBe('second')
  })

  it('serves no longer than it is trusted', async () => {
    const { state, kept } = source({ trustedForMs: 86_400_000 })
    await kept.get()
    state.down = true
    state.nowMs = 86_399_999
    expect(await kept.get()).toBe('first')
    await settled()
    state.nowMs = 86_400_000
    await expect(kept.get()).rejects.toMatchObject({ message: 'nothing to be had', cause: new Error('no answer') })
    state.nowMs = 86_430_000
    state.down = false
    expect(await kept.get()).toBe('first')
  })

  it('that cannot be had is asked for again after 30 s', async () => {
    const { state, kept } = source()
    state.down = true
    await expect(kept.get()).rejects.toMatchObject({ code: 'upstream' })
    state.down = false
    await expect(kept.get()).rejects.toMatchObject({ code: 'upstream' })
    state.nowMs = 30_000
    expect(await kept.get()).toBe('first')
    expect(state.reads).toBe(2)
  })
})
