// What an index promises when several processes build it, or one is killed while it builds.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { openBucketIndex } from './open-index.js'
import { mapSource } from './test/map-source.js'

let programs: string
let program: string
let folder: string

beforeAll(async () => {
  programs = mkdtempSync(join(tmpdir(), 'quilt-index-'))
  program = join(programs, 'index-builder.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'test/index-builder.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['quilt-mcp-source'],
    plugins: [{ name: 'libsql', setup: (b) => void b.onResolve({ filter: /^libsql$/ }, () => libsql) }],
  })
})
afterAll(() => rmSync(programs, { recursive: true }))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quilt-index-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** It stays where it is. */
const libsql = { path: import.meta.resolve('libsql'), external: true }

interface Builder {
  begin(): void
  /** What it said. */
  readonly ended: Promise<{ readonly lines: readonly string[]; readonly signal: NodeJS.Signals | null }>
}

/** @param killAt kill it (SIGKILL) when it says that so many packages are in */
function builder(killAt = Number.POSITIVE_INFINITY): Builder {
  const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_, signal) => resolve(signal)))
  const ended = async () => {
    const lines: string[] = []
    for await (const line of createInterface(child.stdout)) {
      lines.push(line)
      if (Number(line) >= killAt) child.kill('SIGKILL')
    }
    return { lines, signal: await closed }
  }
  return { begin: () => child.stdin.end(), ended: ended() }
}

/** What is in the index now. */
async function content() {
  const index = await openBucketIndex({ folder, id: 'lab', source: mapSource() })
  try {
    const rows = (sql: string): readonly unknown[] => index.db.prepare(sql).pluck().all()
    return {
      latest: rows('select count(*) from revision where is_latest')[0],
      older: rows('select count(*) from revision where not is_latest')[0],
      entries: rows('select count(*) from entry')[0],
      words: rows("select count(*) from entry_words where entry_words match 'raw'")[0],
      damage: rows('pragma integrity_check').filter((said) => said !== 'ok'),
    }
  } finally {
    index.close()
  }
}
const whole = { latest: 60, older: 0, entries: 12_000, words: 12_000, damage: [] }

it('is built by one of several processes; the others wait, and find it done', async () => {
  const builders = [builder(), builder(), builder()]
  for (const { begin } of builders) begin()
  const said = await Promise.all(builders.map(({ ended }) => ended))
  const read = said.map(({ lines }) => Number(lines.at(-1)?.split(' ')[1]))
  expect(read.toSorted((a, b) => b - a)).toEqual([120, 0, 0])
  expect(await content()).toEqual({ ...whole, older: 60 })
  expect(readdirSync(join(folder, 'lab')).filter((name) => name.endsWith('.db'))).toHaveLength(1)
})

it('goes on where a killed process was, and has lost nothing that could be found', async () => {
  let before = 0
  for (const killAt of [1, 20, 40]) {
    const { begin, ended } = builder(killAt)
    begin()
    const { lines, signal } = await ended
    expect(signal).toBe('SIGKILL')
    const { latest, entries, words, damage } = await content()
    expect(latest).toBeGreaterThanOrEqual(Math.max(before, Number(lines.at(-1))))
    expect([entries, words, damage]).toEqual([Number(latest) * 200, Number(latest) * 200, []])
    before = Number(latest)
  }
  const last = builder()
  last.begin()
  const { lines } = await last.ended
  expect(Number(lines.at(-1)?.split(' ')[1])).toBeLessThanOrEqual(120 - before)
  expect(await content()).toEqual({ ...whole, older: 60 })
})

it('is taken over by a process that waits when the builder is killed', async () => {
  const [first, second] = [builder(1), builder()]
  first.begin()
  second.begin()
  const said = await Promise.all([first.ended, second.ended])
  expect(said.some(({ lines }) => lines.at(-1)?.startsWith('read'))).toBe(true)
  expect(await content()).toEqual({ ...whole, older: 60 })
})
