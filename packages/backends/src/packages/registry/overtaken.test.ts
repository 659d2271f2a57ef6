import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Backend } from '../../backend.js'
import { freshName, putFiles } from '../../test/packages.js'
import { startWorld, type World } from '../../test/world.js'
import type { PlannedEntry, PushResult } from '../port.js'

let world: World
let ada: Backend

beforeAll(async () => {
  world = await startWorld()
  ada = await world.backendOf('ada')
})
afterAll(() => world.close())

it('a push tells which revisions came between its base and itself, and are not contained in it', async () => {
  const ref = freshName()
  const entries = await putFiles(ada, { 'a.txt': 'a' }, 'overtaken')
  const { revision: base } = await ada.packages.push({ ...ref, entries, message: 'base', base: null })
  const push = (message: string, planned: readonly PlannedEntry[], between?: () => Promise<unknown>) =>
    ada.packages.push({
      ...ref,
      message,
      base: base.topHash,
      // Asked for when the base was found to hold: just then somebody else pushes.
      entries: {
        count: planned.length,
        async *batches() {
          await between?.()
          yield planned
        },
      },
    })
  let other: PushResult | undefined
  const late = await push('late', entries, async () => {
    other ??= await push('between', entries)
  })
  expect(other?.overtaken).toBeUndefined()
  expect(late.overtaken).toEqual([other?.revision.topHash])
  expect(late.notes).toEqual([
    `Pushed at the same moment by somebody else, and not contained in this revision: ${other?.revision.topHash}. See them with package_diff, and bring over what is missing with package_update.`,
  ])
  const listed = await ada.packages.revisions(ref)
  expect(listed.items.map(({ topHash }) => topHash)).toEqual([
    late.revision.topHash,
    other?.revision.topHash,
    base.topHash,
  ])
})

it('a push that nobody came between tells nothing', async () => {
  const ref = freshName()
  const entries = await putFiles(ada, { 'a.txt': 'a' }, 'alone')
  const { revision: base } = await ada.packages.push({ ...ref, entries, message: 'base', base: null })
  expect(await ada.packages.push({ ...ref, entries, message: 'next', base: base.topHash })).toEqual({
    revision: expect.objectContaining({ message: 'next' }),
  })
})
