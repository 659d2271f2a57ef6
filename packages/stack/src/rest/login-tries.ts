// Bounds the tries of a password: so many for one user name from one address, then a pause. Kept in memory: a restart forgets them.
import { createHash } from 'node:crypto'

export interface LoginTries {
  /** Counts a try before the password is looked at: tries at the same time count, too.
   * @returns undefined when it may go on; else the seconds to wait */
  begin(userName: string, address: string): number | undefined
  /** Forgets the tries of one who knew the password. */
  succeed(userName: string, address: string): void
}

export interface LoginTriesDeps {
  readonly now: () => Date
  /** Tries in one window. Default 10. */
  readonly most?: number
  /** How long tries count, from the first one. Default 300. */
  readonly seconds?: number
  /** Pairs of user and address that are remembered; the oldest leaves. Default 10,000. */
  readonly remembered?: number
}

/** Makes the bound. Share one between all doors that take a password. */
export function loginTries({ now, most = 10, seconds = 300, remembered = 10_000 }: LoginTriesDeps): LoginTries {
  const windows = new Map<string, { tries: number; readonly endsMs: number }>()
  // A hash: names are as long as their sender likes.
  const keyOf = (userName: string, address: string): string =>
    createHash('sha256')
      .update(JSON.stringify([userName, address]))
      .digest('base64')
  return {
    begin(userName, address) {
      const key = keyOf(userName, address)
      const nowMs = now().getTime()
      const known = windows.get(key)
      if (known !== undefined && known.endsMs > nowMs) {
        if (known.tries >= most) return Math.ceil((known.endsMs - nowMs) / 1000)
        known.tries += 1
        return undefined
      }
      windows.delete(key)
      windows.set(key, { tries: 1, endsMs: nowMs + seconds * 1000 })
      const [oldest] = windows.keys()
      if (windows.size > remembered && oldest !== undefined) windows.delete(oldest)
      return undefined
    },
    succeed: (userName, address) => void windows.delete(keyOf(userName, address)),
  }
}
