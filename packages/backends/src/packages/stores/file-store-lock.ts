// One writer at a time for one file, also between processes: a lock file with its owner in it. There is nothing like flock(2) in
// Node, so a lock whose process has died is taken over.
import { createHash } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { open, readFile, stat, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { QuiltError } from '@quilt-mcp/core'
import { unlessAbsent } from '../../objects/file-address.js'
import { fileErrorCode } from '../../objects/file-error.js'
import { pauseFor } from '../../pause.js'

/** A lock that is held. */
export interface FileLock {
  /** @throws {QuiltError} `conflict` when somebody has taken it over: this process was stopped for longer than a lock may be held */
  check(): Promise<void>
  release(): Promise<void>
}

/** No lock is held for longer than some writes of a few bytes: after this time its owner has hung or is on a machine that is gone. */
const longestHeldMs = 60_000
/** A lock without owner was made by a process that died before it could write its name. */
const longestNamelessMs = 5_000
const longestWaitMs = 120_000
const pauseMs = 10

/**
 * Takes the lock, waiting for whoever has it.
 * @param path of the lock file; its folder exists
 * @throws {QuiltError} `timeout` when it is not free within two minutes; the signal's reason
 */
export async function takeLock(path: string, signal?: AbortSignal): Promise<FileLock> {
  const mine = `${thisProcess()} ${Math.random()}`
  const giveUpAtMs = Date.now() + longestWaitMs
  for (;;) {
    signal?.throwIfAborted()
    if (await created(path, mine)) {
      return {
        async check() {
          if ((await ownerOf(path)) === mine) return
          throw new QuiltError(
            'conflict',
            'This process was stopped for too long while it wrote; nothing was written',
            {
              hint: 'Read the current state, then try again.',
              retryable: true,
            },
          )
        },
        async release() {
          if ((await ownerOf(path)) === mine) await unlessAbsent(unlink(path))
        },
      }
    }
    if (await isLeftBehind(path)) {
      // Only who holds this second lock may remove the first: else two could, one after the other, and the later one
      // would remove the lock that the earlier one has just taken.
      const right = await takeLock(`${path}.takeover`, signal)
      try {
        if (await isLeftBehind(path)) await unlessAbsent(unlink(path))
      } finally {
        await right.release()
      }
      continue
    }
    if (Date.now() > giveUpAtMs) {
      throw new QuiltError('timeout', `Another process holds ${path}`, {
        hint: 'Try again when it has finished; if there is none, remove that file.',
      })
    }
    await pauseFor(pauseMs * (0.5 + Math.random()), signal)
  }
}

async function created(path: string, owner: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx')
    try {
      await file.writeFile(owner)
    } finally {
      await file.close()
    }
    return true
  } catch (error) {
    if (fileErrorCode(error) === 'EEXIST') return false
    throw error
  }
}

const ownerOf = (path: string): Promise<string | undefined> => unlessAbsent(readFile(path, 'utf8'))

async function isLeftBehind(path: string): Promise<boolean> {
  const owner = await ownerOf(path)
  const info = await unlessAbsent(stat(path))
  if (owner === undefined || info === undefined) return false
  const heldMs = Date.now() - info.mtimeMs
  if (owner === '') return heldMs > longestNamelessMs
  return heldMs > longestHeldMs || isDead(owner)
}

/** Which process this is: machine and pid, without spaces. */
export function thisProcess(): string {
  return `${machine()}-${process.pid}`
}

/** Whether a process of this machine, named as by `thisProcess`, runs no more. Of other machines nothing is known. */
export function isDead(owner: string): boolean {
  const [where, pid] = (owner.split(' ')[0] ?? '').split('-')
  if (where !== machine() || !/^[1-9]\d*$/.test(pid ?? '')) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return fileErrorCode(error) === 'ESRCH'
  }
}

/** The machine as far as process numbers go: containers on one host count their processes each for itself. */
function machine(): string {
  return createHash('sha256').update(`${hostname()} ${processNumbers()}`).digest('hex').slice(0, 12)
}

function processNumbers(): string {
  if (process.platform !== 'linux') return ''
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch (error) {
    if (fileErrorCode(error) === undefined) throw error
    return ''
  }
}
