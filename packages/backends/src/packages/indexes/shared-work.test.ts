import { describe, expect, it } from 'vitest'
import type { Progress } from '../../call-options.js'
import { JoinedFailure, sharedWork, type WorkOptions } from './shared-work.js'

/** Work that ends when it is told to, and fails when it is aborted. */
function heldWork() {
  let resolve: (value: string) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<string>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  let begun = 0
  let tell: (progress: Progress) => void = () => {}
  const work = async ({ signal, onProgress }: WorkOptions) => {
    begun += 1
    tell = onProgress
    signal.addEventListener('abort', () => reject(signal.reason))
    return promise
  }
  return { work, ended: { promise, resolve }, begun: () => begun, tell: (progress: Progress) => tell(progress) }
}

describe('shared work', () => {
  it('is done once for all who ask while it is under way, and again for who comes later', async () => {
    const { work, ended, begun } = heldWork()
    const shared = sharedWork<string>()
    const both = [shared.run('k', work), shared.run('k', work)]
    ended.resolve('done')
    expect(await Promise.all(both)).toEqual([
      { value: 'done', own: true },
      { value: 'done', own: false },
    ])
    expect(await shared.run('k', async () => 'again')).toEqual({ value: 'again', own: true })
    expect(begun()).toBe(1)
  })

  it('goes on when the one who began it leaves', async () => {
    const { work, ended } = heldWork()
    const shared = sharedWork<string>()
    const leaving = new AbortController()
    const first = shared.run('k', work, { signal: leaving.signal })
    const second = shared.run('k', work)
    leaving.abort(new Error('left'))
    await expect(first).rejects.toThrow('left')
    ended.resolve('done')
    expect((await second).value).toBe('done')
  })

  it('is aborted when all who waited are gone, and is not joined any more', async () => {
    const { work, ended } = heldWork()
    const shared = sharedWork<string>()
    const leaving = new AbortController()
    const waiting = [
      shared.run('k', work, { signal: leaving.signal }),
      shared.run('k', work, { signal: leaving.signal }),
    ]
    leaving.abort(new Error('left'))
    for (const each of waiting) await expect(each).rejects.toThrow('left')
    await expect(ended.promise).rejects.toThrow('nobody waits')
    expect(await shared.run('k', async () => 'new')).toEqual({ value: 'new', own: true })
  })

  it('tells its progress to all who wait', async () => {
    const { work, ended, tell } = heldWork()
    const shared = sharedWork<string>()
    const heard: string[] = []
    const listening = ['a', 'b'].map((name) =>
      shared.run('k', work, { onProgress: ({ done }) => heard.push(`${name}${done}`) }),
    )
    tell({ done: 1, message: 'half' })
    ended.resolve('done')
    await Promise.all(listening)
    expect(heard).toEqual(['a1', 'b1'])
  })

  it('says to those who joined it that the failure was another one’s', async () => {
    const shared = sharedWork<string>()
    const failing = async () => Promise.reject(new Error('no'))
    const [own, joined] = [shared.run('k', failing), shared.run('k', failing)]
    await expect(own).rejects.toThrow('no')
    await expect(joined).rejects.toThrow(JoinedFailure)
  })
})
