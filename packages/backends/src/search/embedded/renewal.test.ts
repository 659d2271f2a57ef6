import { describe, expect, it } from 'vitest'
import { renewal } from './renewal.js'
import { eventually } from './test/lab.js'

/** Work whose runs end when they are told to. */
function playedWork() {
  const runs: { readonly end: () => void; readonly fail: (error: Error) => void }[] = []
  return {
    runs,
    work: () => new Promise<void>((resolve, reject) => runs.push({ end: resolve, fail: reject })),
  }
}

const none = { signal: undefined }

describe('renewal', () => {
  it('is done by one run for all who come meanwhile', async () => {
    const { runs, work } = playedWork()
    const renewed = renewal({ work, freshMs: 0, patienceMs: 60_000, now: () => 0 })
    const waits = [renewed.catchUp(none), renewed.catchUp(none)]
    await eventually(() => runs.length).toBe(1)
    expect(renewed.isSettled()).toBe(false)
    runs[0]?.end()
    expect(await Promise.all(waits)).toEqual([undefined, undefined])
    expect([renewed.isSettled(), runs.length]).toEqual([true, 1])
  })

  it('is done once more, after the run of now, for any number of changes that this did not know', async () => {
    const { runs, work } = playedWork()
    const renewed = renewal({ work, freshMs: 1, patienceMs: 60_000, now: () => 0 })
    void renewed.catchUp(none)
    await eventually(() => runs.length).toBe(1)
    const ends: string[] = []
    const waits = Array.from({ length: 5 }, async (_, n) => {
      renewed.changed()
      await renewed.catchUp(none)
      ends.push(`${n} after ${runs.length}`)
    })
    runs[0]?.end()
    await eventually(() => runs.length).toBe(2)
    expect(ends).toEqual([])
    runs[1]?.end()
    await Promise.all(waits)
    expect(ends).toEqual(['0 after 2', '1 after 2', '2 after 2', '3 after 2', '4 after 2'])
    await renewed.catchUp(none)
    expect(runs).toHaveLength(2)
  })

  it('answers with the failure of the last run until that is too old', async () => {
    let nowMs = 0
    const { runs, work } = playedWork()
    const renewed = renewal({ work, freshMs: 10, patienceMs: 60_000, now: () => nowMs })
    const failure = new Error('it does not answer')
    const first = renewed.catchUp(none)
    await eventually(() => runs.length).toBe(1)
    runs[0]?.fail(failure)
    expect(await first).toBe(failure)
    expect(await renewed.catchUp(none)).toBe(failure)
    nowMs = 10
    const second = renewed.catchUp(none)
    await eventually(() => runs.length).toBe(2)
    runs[1]?.end()
    expect(await second).toBeUndefined()
  })

  it('goes on when those who wait have lost their patience, and is settled when it ends', async () => {
    const { runs, work } = playedWork()
    const renewed = renewal({ work, freshMs: 0, patienceMs: 0, now: () => 0 })
    expect(await renewed.catchUp(none)).toBeUndefined()
    expect(renewed.isSettled()).toBe(false)
    runs[0]?.end()
    await renewed.settled()
    expect(renewed.isSettled()).toBe(true)
  })

  it('tells how far it is to those who wait, and to no others', async () => {
    let begun = (_: (done: number) => void): void => {}
    const beginning = new Promise<(done: number) => void>((resolve) => {
      begun = resolve
    })
    const renewed = renewal<number>({
      work(onProgress) {
        begun(onProgress)
        return new Promise(() => {})
      },
      freshMs: 0,
      patienceMs: 60_000,
      now: () => 0,
    })
    const stop = new AbortController()
    const told: number[] = []
    const wait = renewed.catchUp({ signal: stop.signal, onProgress: (done) => told.push(done) })
    const tell = await beginning
    tell(1)
    const reason = new Error('enough')
    stop.abort(reason)
    await expect(wait).rejects.toBe(reason)
    tell(2)
    expect(told).toEqual([1])
  })
})
