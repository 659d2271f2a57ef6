// kill -9 in the midst of pushes, over and over, on one folder.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { topHashOf } from '@quilt-mcp/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../store/database.js'
import { openDiskStore } from '../store/disk-store.js'
import { buildProgram, runUntilKilled } from '../test/killed-program.js'
import { openPackages } from './registry-packages.js'

const rounds = 8
let folder: string
let program: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quilt-push-crash-'))
  program = join(folder, 'endless-pusher.mjs')
  await buildProgram(join(import.meta.dirname, 'test/endless-pusher.ts'), program)
})
afterAll(() => rmSync(folder, { recursive: true }))

it('keeps every revision that was answered; latest is always a whole one, the last or the one under way', async () => {
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  const promised: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    await runUntilKilled([program, dataDir, String(round * 1_000)], {
      lines: 2 + round,
      onLine: (line) => void (line.length === 64 && promised.push(line)),
    })
    const db = openDatabase(join(dataDir, 'stack.db'))
    const store = openDiskStore({ db, dataDir })
    const packages = openPackages({ store })
    for (const topHash of promised)
      expect(await packages.resolve('alpha', 'p/q', topHash)).toEqual(expect.objectContaining({ topHash }))
    const latest = await packages.resolve('alpha', 'p/q', 'latest')
    const manifest = await packages.manifest('alpha', latest?.topHash ?? '')
    if (manifest === undefined) throw new Error('latest points to nothing')
    const entries = []
    for await (const batch of manifest.batches()) entries.push(...batch.entries)
    expect(entries.length).toBe(50)
    expect(topHashOf(manifest.header, entries)).toBe(latest?.topHash)
    const lastPromised = promised.at(-1) ?? ''
    const newer = packages.seconds('alpha', 'p/q').length - new Set(promised).size
    expect(newer).toBeGreaterThanOrEqual(0)
    if (latest?.topHash !== lastPromised) expect(promised).not.toContain(latest?.topHash)
    store.close()
    db.close()
  }
})
