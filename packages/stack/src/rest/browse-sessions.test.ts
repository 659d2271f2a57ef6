import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Db, openDatabase } from '../store/database.js'
import { type BrowseSessions, openBrowseSessions } from './browse-sessions.js'

const scope = { bucket: 'lab', name: 'ns/pkg', topHash: 'a'.repeat(64) }
let dataDir: string
let db: Db
let sessions: BrowseSessions
let clock: number

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'quilt-browse-'))
  db = openDatabase(join(dataDir, 'stack.db'))
  clock = 1_000_000
  sessions = openBrowseSessions({ db, now: () => new Date(clock) })
})
afterEach(() => {
  db.close()
  rmSync(dataDir, { recursive: true })
})

describe('browsing sessions', () => {
  it('live for their time, and longer when they are refreshed', () => {
    const { id, expires } = sessions.create('ada', scope, 180)
    expect(expires).toEqual(new Date(1_180_000))
    clock += 100_000
    expect(sessions.refresh(id, 'ada', 180)).toEqual({ id, expires: new Date(1_280_000) })
    clock += 179_999
    expect(sessions.find(id)).toEqual({ id, ownerUserId: 'ada', ...scope, expires: new Date(1_280_000) })
    clock += 1
    expect(sessions.find(id)).toBeUndefined()
    expect(sessions.refresh(id, 'ada', 180)).toBe('not_found')
  })

  it('are changed by their owner only', () => {
    const { id } = sessions.create('ada', scope, 180)
    expect(sessions.refresh(id, 'grace', 180)).toBe('owner_mismatch')
    expect(sessions.dispose(id, 'grace')).toBe('owner_mismatch')
    expect(sessions.dispose(id, 'ada')).toBe('disposed')
    expect(sessions.dispose(id, 'ada')).toBe('not_found')
  })
})
