// Many small packages are written in one transaction: each commit is work for the full text index.
import type { Db } from '../sqlite.js'

export interface Transactions {
  /** Opens one unless one is open. */
  begin(): void
  /** Ends what is open: what was written is seen. */
  commit(): void
  /** Takes back what is open. */
  rollback(): void
  /** Whether the open one has been so for long. */
  isOld(): boolean
}

const longestMs = 250

export function transactions(db: Db): Transactions {
  let sinceMs: number | undefined
  const end = (how: 'commit' | 'rollback'): void => {
    if (sinceMs === undefined) return
    sinceMs = undefined
    db.exec(how)
  }
  return {
    begin() {
      if (sinceMs !== undefined) return
      db.exec('begin immediate')
      sinceMs = performance.now()
    },
    commit: () => end('commit'),
    rollback: () => end('rollback'),
    isOld: () => sinceMs !== undefined && performance.now() - sinceMs > longestMs,
  }
}
