// What packages of a local registry promise when several processes push, or one is killed while it does.
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { localBackend } from './local.js'
import type { Packages } from './packages/port.js'
import { bundled, run } from './test/own-process.js'
import { testFolder } from './test/store-world.js'

const ref = { bucket: 'local', name: 'lab/data' }

async function hashesOf(packages: Packages): Promise<readonly string[]> {
  const { items, cursor } = await packages.revisions(ref, { limit: 1_000 })
  expect(cursor).toBeUndefined()
  return items.map(({ topHash }) => topHash)
}

it('of two processes that push to one package none overwrites what the other made, though all is made in the same seconds', async () => {
  const folder = testFolder()
  const root = join(folder, 'registry')
  const program = await bundled('rival-pusher', folder)
  const rivals = await Promise.all(['ada', 'grace'].map((name) => run([program, root, name, '20'])))
  expect(rivals.map(({ code, lines }) => [code, lines.length])).toEqual([
    [0, 20],
    [0, 20],
  ])
  const { packages } = localBackend({ registries: [{ name: 'local', root }] })
  const made = rivals.flatMap(({ lines }) => lines)
  const hashes = await hashesOf(packages)
  expect(hashes.toSorted()).toEqual(made.toSorted())
  expect((await packages.resolve(ref)).topHash).toBe(hashes[0])
})

it('a process killed while it pushes leaves whole revisions only, and the next push completes', async () => {
  const folder = testFolder()
  const root = join(folder, 'registry')
  const program = await bundled('rival-pusher', folder)
  const { packages } = localBackend({ registries: [{ name: 'local', root }] })
  const made: string[] = []
  for (let round = 0; round < 6; round += 1) {
    const { lines, signal } = await run([program, root, `round-${round}`], { killAfter: 2 + round })
    expect(signal).toBe('SIGKILL')
    made.push(...lines)
    const hashes = await hashesOf(packages)
    expect(hashes).toEqual(expect.arrayContaining(made))
    for (const topHash of hashes) {
      const reader = await packages.open(await packages.resolve(ref, topHash))
      expect((await reader.entry('a.txt')).size).toBe('round-0'.length)
    }
    const { topHash: base } = await packages.resolve(ref)
    expect(hashes).toContain(base)
    const { revision } = await packages.push({ ...ref, entries: [], message: `after ${round}`, base })
    expect((await packages.resolve(ref)).topHash).toBe(revision.topHash)
    await packages.remove(ref, { topHash: revision.topHash })
  }
})
