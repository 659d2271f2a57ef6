// Many small packages are written in one transaction: each commit is work for the full text index.
import type { Db } from '../sqlite.js'
import type { RowBuffers } from './row-buffers.js'

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

/** A commit holds up everybody else for about a quarter of this. */
const longestMs = 500

/** @param rows written before a commit, forgotten by a rollback */
export function transactions(db: Db, rows: RowBuffers): Transactions {
  let sinceMs: number | undefined
  const end = (how: 'commit' | 'rollback'): void => {
    if (sinceMs === undefined) return
    if (how === 'commit') rows.flush()
    else rows.clear()
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
