// What a local registry promises when several processes write to it, or one is killed while it writes.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bundled, run } from '../../test/own-process.js'
import { all, keysOf, testFolder, textAt } from '../../test/store-world.js'
import { fileStore } from './file-store.js'

it('two processes that write the same files lose nothing and never both win', async () => {
  const folder = testFolder()
  const root = join(folder, 'registry')
  const rounds = 100
  const program = await bundled('rival-writer', folder)
  const rivals = await Promise.all(['ada', 'grace'].map((name) => run([program, root, name, String(rounds)])))
  expect(rivals.map(({ code }) => code)).toEqual([0, 0])

  const store = fileStore({ root })
  expect(await textAt(store, 'counter')).toBe(String(2 * rounds))
  const created = rivals.flatMap(({ lines }, index) => lines.map((key) => [key, ['ada', 'grace'][index]] as const))
  expect(created.map(([key]) => key).toSorted()).toEqual(await keysOf(store, 'once/'))
  for (const [key, winner] of created) expect(await textAt(store, key)).toBe(winner)
})

it('a process killed between manifest, pointer and latest leaves the old revision served, and nothing half or foreign', async () => {
  const folder = testFolder()
  const root = join(folder, 'registry')
  const program = await bundled('endless-pusher', folder)
  const store = fileStore({ root })
  const pointers = '.quilt/named_packages/lab/data/'
  const promised: number[] = []
  for (let round = 0; round < 10; round += 1) {
    const { lines, signal } = await run([program, root, String(round * 1_000)], { killAfter: 3 + round })
    expect(signal).toBe('SIGKILL')
    promised.push(...lines.map(Number))

    const latest = Number.parseInt((await textAt(store, `${pointers}latest`)) ?? '', 16)
    expect(latest).toBeGreaterThanOrEqual(promised.at(-1) ?? 0)
    const names = await all(store.children(pointers))
    expect(names.every((name) => name === 'latest' || /^\d{10}$/.test(name))).toBe(true)
    expect(names).toEqual(expect.arrayContaining(promised.map((n) => String(1_700_000_000 + n))))
    for (const { key, size } of await all(store.list('.quilt/packages/'))) expect([key, size]).toEqual([key, 50_000])
    expect(readdirSync(join(root, pointers)).toSorted()).toEqual(names)
  }
  expect(promised.length).toBeGreaterThan(70)
})
