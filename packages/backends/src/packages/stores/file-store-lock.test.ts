import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../test/collect.js'
import { testFolder } from '../../test/store-world.js'
import { takeLock, thisProcess } from './file-store-lock.js'

const [machine] = thisProcess().split('-')
const lockIn = (folder: string) => join(folder, 'a.lock')
/** A lock file as another process would have left it. */
function left(owner: string, ageSeconds = 0) {
  const folder = testFolder()
  writeFileSync(lockIn(folder), owner)
  const at = Date.now() / 1_000 - ageSeconds
  utimesSync(lockIn(folder), at, at)
  return folder
}

describe('a lock', () => {
  it('is held by one at a time; the next has it when it is released', async () => {
    const path = lockIn(testFolder())
    let holders = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const lock = await takeLock(path)
        holders += 1
        most = Math.max(most, holders)
        await lock.check()
        holders -= 1
        await lock.release()
      }),
    )
    expect(most).toBe(1)
  })

  it('leaves nothing behind', async () => {
    const folder = testFolder()
    await (await takeLock(lockIn(folder))).release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is waited for no longer than the caller wants', async () => {
    const path = lockIn(testFolder())
    const lock = await takeLock(path)
    const gaveUp = new Error('gave up')
    await expect(takeLock(path, AbortSignal.abort(gaveUp))).rejects.toBe(gaveUp)
    await lock.check()
  })

  it.each([
    ['of a process that has died', `${machine}-999999999 0.1`, 0],
    ['without a name, made by a process that died at once', '', 10],
    ['of a machine that is gone, after a minute', 'elsewhere-1 0.1', 61],
  ])('%s is taken over, by one of all who want it', async (_, owner, ageSeconds) => {
    const folder = left(owner, ageSeconds)
    let holders = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const lock = await takeLock(lockIn(folder))
        holders += 1
        most = Math.max(most, holders)
        await lock.check()
        holders -= 1
        await lock.release()
      }),
    )
    expect([most, readdirSync(folder)]).toEqual([1, []])
  })

  it('whose taker-over has died, too, is taken over all the same', async () => {
    const folder = left(`${machine}-999999999 0.1`)
    writeFileSync(`${lockIn(folder)}.takeover`, `${machine}-999999998 0.1`)
    await (await takeLock(lockIn(folder))).release()
    expect(readdirSync(folder)).toEqual([])
  })

  it.each([
    ['of a living process', `${thisProcess()} 0.1`],
    ['of another machine', 'elsewhere-1 0.1'],
    ['that has just been made and has no name yet', ''],
  ])('%s is respected', async (_, owner) => {
    const folder = left(owner)
    await expect(takeLock(lockIn(folder), AbortSignal.timeout(200))).rejects.toThrow('aborted due to timeout')
    expect(readFileSync(lockIn(folder), 'utf8')).toBe(owner)
  })

  it('that was taken over while its holder was stopped says conflict to the holder, and is not released by it', async () => {
    const path = lockIn(testFolder())
    const lock = await takeLock(path)
    writeFileSync(path, 'another-1 0.1')
    expect((await refusalOf(lock.check())).code).toBe('conflict')
    await lock.release()
    expect(readFileSync(path, 'utf8')).toBe('another-1 0.1')
  })
})
